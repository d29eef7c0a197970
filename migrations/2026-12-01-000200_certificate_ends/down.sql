DROP INDEX IF EXISTS pms.ix_mlic_expiry;
DROP TABLE IF EXISTS pms.expiry_mail;
DROP VIEW IF EXISTS pms.partner_certificate_end;
DROP TABLE IF EXISTS pms.certificate_end;
