-- The schema: what is missing of it.
\ir ddl/schema.sql
