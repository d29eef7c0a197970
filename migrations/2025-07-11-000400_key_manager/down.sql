-- Keys can't be made again: only a store that was never used may go.
DO $$
BEGIN
    IF EXISTS (SELECT FROM keymgr.master_key)
        OR EXISTS (SELECT FROM keymgr.key_store)
        OR EXISTS (SELECT FROM keymgr.ca_cert_store)
        OR EXISTS (SELECT FROM keymgr.partner_cert_store) THEN
        RAISE EXCEPTION 'the key manager holds keys or certificates and is not reverted';
    END IF;
END $$;

DROP TABLE keymgr.master_key;
DROP TABLE keymgr.key_policy_def;
DROP TABLE keymgr.key_store;
DROP TABLE keymgr.key_alias;
DROP TABLE keymgr.partner_cert_store;
DROP TABLE keymgr.ca_cert_store;
DROP SCHEMA keymgr;
