-- What the reference's lines 1.2.1 and 1.2.2 added to the tables of 1.2.0.1, as
-- far as the base migration does not make it itself. Additions alone: the
-- reference's own service of the older line works on.

ALTER TABLE pms.partner ADD COLUMN IF NOT EXISTS logo_url varchar(256);
ALTER TABLE pms.partner ADD COLUMN IF NOT EXISTS addl_info varchar;
ALTER TABLE pms.partner_h ADD COLUMN IF NOT EXISTS logo_url varchar(256);
ALTER TABLE pms.partner_h ADD COLUMN IF NOT EXISTS addl_info varchar;
ALTER TABLE pms.misp_license ADD COLUMN IF NOT EXISTS policy_id varchar(36);
