-- Indexes for the lists of devices, SBIs and FTM chips. `…_newest` is the order of
-- the lists: newest first, then the key; the dashboard counts by status.

CREATE INDEX IF NOT EXISTS ix_devdtl_newest ON pms.device_detail (cr_dtimes DESC, id);
CREATE INDEX IF NOT EXISTS ix_devdtl_exact_status_newest
    ON pms.device_detail (approval_status, cr_dtimes DESC, id);

CREATE INDEX IF NOT EXISTS ix_sbi_newest
    ON pms.secure_biometric_interface (cr_dtimes DESC, id);
CREATE INDEX IF NOT EXISTS ix_sbi_exact_status_newest
    ON pms.secure_biometric_interface (approval_status, cr_dtimes DESC, id);

CREATE INDEX IF NOT EXISTS ix_fcdtl_newest ON pms.ftp_chip_detail (cr_dtimes DESC, id);
CREATE INDEX IF NOT EXISTS ix_fcdtl_exact_status_newest
    ON pms.ftp_chip_detail (approval_status, cr_dtimes DESC, id);

-- Where the rows allow it, these columns have unique indexes from before.
DO $$
BEGIN
    IF to_regclass('pms.uk_ddsbi_device_sbi') IS NULL THEN
        CREATE INDEX IF NOT EXISTS ix_ddsbi_device
            ON pms.device_detail_sbi (device_detail_id, sbi_id);
    END IF;
    IF to_regclass('pms.uk_user_details_user') IS NULL THEN
        CREATE INDEX IF NOT EXISTS ix_user_details_user ON pms.user_details (user_id);
    END IF;
END $$;
