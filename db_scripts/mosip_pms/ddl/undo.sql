-- Written by db_scripts/generate.py; don't change it by hand.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
SET search_path = public;
SET client_min_messages = warning;
SELECT pg_advisory_lock(hashtext('pms'), hashtext('migrate'));
-- All or nothing: refused while there are keys, certificates or undelivered rows.
BEGIN;
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001800') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001800_owner_key/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001700') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001700_owner_key_rule/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001600') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001600_device_registry_conditions/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001400') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001400_registry_without_partners/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001300') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001300_held_clients/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001200') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001200_prefix_statistics/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001110') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001110_expiring_function/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201001100') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-001100_unfinished_clients/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000900') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-000900_redundant_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000210') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-000210_expiring/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000200') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-000200_certificate_ends/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261201000100') AS done \gset
\if :done
\ir ../../../migrations/2026-12-01-000100_job_runs/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000510') AS done \gset
\if :done
\ir ../../../migrations/2026-11-30-000510_device_registry/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000500') AS done \gset
\if :done
\ir ../../../migrations/2026-11-30-000500_ftm_certificates/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000400') AS done \gset
\if :done
\ir ../../../migrations/2026-11-30-000400_oidc_intents/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000300') AS done \gset
\if :done
\ir ../../../migrations/2026-11-30-000300_device_search_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000200') AS done \gset
\if :done
\ir ../../../migrations/2026-11-30-000200_labels_repeat/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20261130000100') AS done \gset
\if :done
\ir ../../../migrations/2026-11-30-000100_outbox_queues/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711001000') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-001000_certificate_turns/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000950') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000950_api_key_list_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000900') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000900_prefix_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000850') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000850_outbox_heads/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000800') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000800_portal_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000750') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000750_partner_list_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000700') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000700_partner_search_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000600') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000600_revocation/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000500') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000500_outbox/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000400') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000400_key_manager/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000350') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000350_policy_search_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000300') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000300_trigram_indexes/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000200') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000200_unique_where_possible/down.sql
\endif
SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '20250711000100') AS done \gset
\if :done
\ir ../../../migrations/2025-07-11-000100_missing_indexes/down.sql
\endif
DROP TABLE public.__diesel_schema_migrations;
COMMIT;
