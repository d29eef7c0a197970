-- The rows may be those of an adopted database: nothing here may drop them.
DO $$
BEGIN
    RAISE EXCEPTION 'the base schema holds the partners and policies and is never reverted'
        USING HINT = 'Drop the database yourself if you are sure.';
END $$;
