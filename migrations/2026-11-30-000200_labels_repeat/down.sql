-- Where keys share a label by now, the index that is not unique stays.
DO $$
BEGIN
    CREATE UNIQUE INDEX IF NOT EXISTS uk_ppol_label
        ON pms.partner_policy (part_id, policy_id, label);
    DROP INDEX IF EXISTS pms.ix_ppol_label;
EXCEPTION
    WHEN unique_violation THEN
        RAISE WARNING 'index uk_ppol_label is left out: %', SQLERRM;
END $$;
