-- The database, unless it is there (contract schema.md §1.1).
SELECT format('CREATE DATABASE %I ENCODING ''UTF8'' TEMPLATE template0', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
SELECT format('ALTER DATABASE %I SET search_path TO pms, pg_catalog, public', :'name') \gexec
