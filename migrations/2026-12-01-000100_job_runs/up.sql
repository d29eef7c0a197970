-- Jobs run in every replica, and each planned run happens once in the deployment:
-- who inserts its row has it. The tables of the reference's batch framework are
-- not used, and left alone where they are.
CREATE TABLE IF NOT EXISTS pms.job_schedule (
    job varchar(64) NOT NULL,
    expression varchar(256) NOT NULL,
    time_zone varchar(64) NOT NULL,
    since timestamp NOT NULL,
    CONSTRAINT pk_job_schedule PRIMARY KEY (job)
);
COMMENT ON TABLE pms.job_schedule IS 'The schedule of each job, as the process that started last has it; its row is locked while a run is claimed.';
COMMENT ON COLUMN pms.job_schedule.since IS 'Planned times up to then are not made up: the job was unknown, or off.';

CREATE TABLE IF NOT EXISTS pms.job_run (
    job varchar(64) NOT NULL,
    planned_at timestamp NOT NULL,
    origin varchar(16) NOT NULL,
    days date[] NOT NULL,
    status varchar(16) NOT NULL,
    attempts integer NOT NULL,
    holder uuid,
    held_until timestamp,
    started_at timestamp NOT NULL,
    finished_at timestamp,
    examined bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    skipped bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    counts jsonb,
    error varchar(1000),
    CONSTRAINT pk_job_run PRIMARY KEY (job, planned_at)
);
COMMENT ON TABLE pms.job_run IS 'Runs of jobs. A row is inserted by the process that runs it.';
COMMENT ON COLUMN pms.job_run.origin IS 'schedule, or manual.';
COMMENT ON COLUMN pms.job_run.days IS 'The days that the run looks at, oldest first; more than one after an outage.';
COMMENT ON COLUMN pms.job_run.status IS 'running, done or failed.';
COMMENT ON COLUMN pms.job_run.attempts IS 'How often the run was begun.';
COMMENT ON COLUMN pms.job_run.holder IS 'Who runs it; empty while it waits for its next attempt.';
COMMENT ON COLUMN pms.job_run.held_until IS 'Before then no other process begins it, by the database''s clock.';
COMMENT ON COLUMN pms.job_run.started_at IS 'When the last attempt began, by the database''s clock.';
CREATE INDEX IF NOT EXISTS ix_job_run_open ON pms.job_run (job) WHERE status = 'running';
