DROP INDEX IF EXISTS pms.uk_ppol_label;
DROP INDEX IF EXISTS pms.uk_ddsbi_device_sbi;
DROP INDEX IF EXISTS pms.uk_user_details_user;
DROP INDEX IF EXISTS pms.ix_ppol_label;
DROP INDEX IF EXISTS pms.ix_ddsbi_device_sbi;
DROP INDEX IF EXISTS pms.ix_user_details_user;
