-- The device registry shows nothing of providers that are gone, so emptying their table
-- makes another state, also when it is emptied along with the table of partner types.
CREATE TRIGGER tg_device_registry_truncate AFTER TRUNCATE ON pms.partner
    FOR EACH STATEMENT EXECUTE FUNCTION pms.note_device_registry_change();
