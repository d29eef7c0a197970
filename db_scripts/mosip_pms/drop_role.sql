-- By hand alone, after the database.
DROP ROLE IF EXISTS pmsuser;
