DROP TABLE IF EXISTS pms.job_run;
DROP TABLE IF EXISTS pms.job_schedule;
