-- What 1.2.0.1 has only with its step B2, taken away.

DROP TABLE pms.oidc_client;
ALTER TABLE pms.partner DROP COLUMN logo_url, DROP COLUMN addl_info;
ALTER TABLE pms.partner_h DROP COLUMN logo_url, DROP COLUMN addl_info;
ALTER TABLE pms.misp_license DROP COLUMN policy_id;
