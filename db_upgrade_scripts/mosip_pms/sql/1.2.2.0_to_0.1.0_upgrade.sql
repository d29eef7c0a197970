-- Written by db_scripts/generate.py; don't change it by hand.
\c :dbname
\ir ../../../db_scripts/mosip_pms/ddl.sql
\ir ../../../db_scripts/mosip_pms/grants.sql
