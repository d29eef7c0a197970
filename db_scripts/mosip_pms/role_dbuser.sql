-- The account of the services, unless it is there.
SELECT format('CREATE ROLE pmsuser LOGIN INHERIT PASSWORD %L', :'dbuserpwd')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pmsuser') \gexec
