-- What 1.2.2.0 added or replaced, taken back.

DROP TABLE pms.user_details;
DROP INDEX IF EXISTS pms.uk_devdtl_make_model_approval_status;
DROP INDEX IF EXISTS pms.uk_fcdtl_make_model_approval_status;
ALTER TABLE pms.device_detail ADD CONSTRAINT uk_devdtl_id
    UNIQUE (dprovider_id, dtype_code, dstype_code, make, model);
ALTER TABLE pms.ftp_chip_detail ADD CONSTRAINT uk_fcdtl_id
    UNIQUE (foundational_trust_provider_id, make, model);
