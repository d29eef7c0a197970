-- Written by db_scripts/generate.py; don't change it by hand.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
SET search_path = public;
SET client_min_messages = warning;
SELECT pg_advisory_lock(hashtext('pms'), hashtext('migrate'));
\ir layout.sql
-- A database of the reference's older lines first gets the columns of 1.2.2.
SELECT to_regclass('pms.partner') IS NOT NULL AND to_regclass('public.__diesel_schema_migrations') IS NULL AS adopted \gset
\if :adopted
BEGIN;
\ir ../../../crates/database/src/migrations/older.sql
COMMIT;
\endif
CREATE TABLE IF NOT EXISTS public.__diesel_schema_migrations (
    version varchar(50) PRIMARY KEY NOT NULL,
    run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000000') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000000_reference_schema/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000000');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000100') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000100_missing_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000100');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000200') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000200_unique_where_possible/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000200');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000300') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000300_trigram_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000300');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000350') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000350_policy_search_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000350');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000400') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000400_key_manager/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000400');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000500') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000500_outbox/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000500');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000600') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000600_revocation/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000600');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000700') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000700_partner_search_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000700');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000750') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000750_partner_list_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000750');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000800') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000800_portal_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000800');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000850') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000850_outbox_heads/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000850');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000900') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000900_prefix_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000900');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000950') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-000950_api_key_list_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711000950');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711001000') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2025-07-11-001000_certificate_turns/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20250711001000');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000100') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-11-30-000100_outbox_queues/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261130000100');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000200') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-11-30-000200_labels_repeat/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261130000200');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000300') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-11-30-000300_device_search_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261130000300');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000400') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-11-30-000400_oidc_intents/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261130000400');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000500') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-11-30-000500_ftm_certificates/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261130000500');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000510') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-11-30-000510_device_registry/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261130000510');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000100') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-000100_job_runs/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201000100');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000200') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-000200_certificate_ends/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201000200');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000210') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-000210_expiring/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201000210');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000900') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-000900_redundant_indexes/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201000900');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001100') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001100_unfinished_clients/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001100');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001110') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001110_expiring_function/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001110');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001200') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001200_prefix_statistics/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001200');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001300') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001300_held_clients/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001300');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001400') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001400_registry_without_partners/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001400');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001600') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001600_device_registry_conditions/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001600');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001700') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001700_owner_key_rule/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001700');
COMMIT;
\endif
SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001800') AS todo \gset
\if :todo
BEGIN;
\ir ../../../migrations/2026-12-01-001800_owner_key/up.sql
INSERT INTO public.__diesel_schema_migrations (version) VALUES ('20261201001800');
COMMIT;
\endif
-- Unique indexes that rows forbade before.
\ir ../../../crates/database/src/migrations/unique.sql
