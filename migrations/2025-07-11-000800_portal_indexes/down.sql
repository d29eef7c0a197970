DROP INDEX IF EXISTS pms.ix_devdtl_newest;
DROP INDEX IF EXISTS pms.ix_devdtl_exact_status_newest;
DROP INDEX IF EXISTS pms.ix_ddsbi_device;
DROP INDEX IF EXISTS pms.ix_sbi_newest;
DROP INDEX IF EXISTS pms.ix_sbi_exact_status_newest;
DROP INDEX IF EXISTS pms.ix_fcdtl_newest;
DROP INDEX IF EXISTS pms.ix_fcdtl_exact_status_newest;
DROP INDEX IF EXISTS pms.ix_user_details_user;
