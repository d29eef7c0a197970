-- The extension stays: others may use it.
DROP INDEX IF EXISTS pms.tx_part_id;
DROP INDEX IF EXISTS pms.tx_part_name;
DROP INDEX IF EXISTS pms.tx_polg_name;
DROP INDEX IF EXISTS pms.tx_apol_id;
DROP INDEX IF EXISTS pms.tx_apol_name;
DROP INDEX IF EXISTS pms.tx_apol_descr;
DROP INDEX IF EXISTS pms.tx_ppol_label;
DROP INDEX IF EXISTS pms.tx_papr_request_detail;
DROP INDEX IF EXISTS pms.tx_oidc_name;
DROP INDEX IF EXISTS pms.tx_devdtl_make;
DROP INDEX IF EXISTS pms.tx_devdtl_model;
DROP INDEX IF EXISTS pms.tx_fcdtl_make;
DROP INDEX IF EXISTS pms.tx_fcdtl_model;
DROP INDEX IF EXISTS pms.tx_sbi_sw_version;
