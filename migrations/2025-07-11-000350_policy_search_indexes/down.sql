DROP INDEX IF EXISTS pms.ix_apol_type_age;
DROP INDEX IF EXISTS pms.ix_apol_author_age;
DROP INDEX IF EXISTS pms.ix_apol_draft_age;
DROP INDEX IF EXISTS pms.ix_apol_deactivated_age;
DROP INDEX IF EXISTS pms.tx_apol_type;
