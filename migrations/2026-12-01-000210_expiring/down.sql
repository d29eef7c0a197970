DROP VIEW IF EXISTS pms.expiring;
