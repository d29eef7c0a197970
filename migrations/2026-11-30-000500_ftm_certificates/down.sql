DROP INDEX IF EXISTS pms.ix_fcdtl_provider_age;
DROP INDEX IF EXISTS pms.ix_fcdtl_certificate;
DROP TABLE pms.ftm_certificate;
