-- How many rows begin with a text, PostgreSQL judges by the bounds of its statistics.
-- Of the usual hundred bounds each one that begins so counts for a hundredth of the
-- table: where there is one, the planner expects thousands of rows instead of a few,
-- and reads the index of another condition as well. Ten times the bounds, a tenth of
-- the error.
ALTER INDEX IF EXISTS pms.ix_part_id_begin ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX IF EXISTS pms.ix_part_name_begin ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX IF EXISTS pms.ix_apol_name_begin ALTER COLUMN 1 SET STATISTICS 1000;
ANALYZE pms.partner;
ANALYZE pms.auth_policy;
