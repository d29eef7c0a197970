DROP TABLE IF EXISTS pms.oidc_client_held;
