-- The default rows; those that are there stay as they are.
\ir dml/defaults.sql
