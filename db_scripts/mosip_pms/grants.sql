-- What the account of the services may do (contract schema.md §1.1).
SELECT format('GRANT CONNECT ON DATABASE %I TO pmsuser', current_database()) \gexec
GRANT USAGE ON SCHEMA pms TO pmsuser;
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES ON ALL TABLES IN SCHEMA pms TO pmsuser;
ALTER DEFAULT PRIVILEGES IN SCHEMA pms GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES ON TABLES TO pmsuser;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA pms TO pmsuser;
\ir ../../crates/database/src/migrations/grants.sql
