DROP TRIGGER IF EXISTS tg_device_registry_truncate ON pms.partner;
