-- What 1.3.0-beta.1 added, taken away again.

DROP TABLE pms.notifications;
DROP TABLE pms.batch_job_instance;
DROP SEQUENCE pms.batch_job_seq;
ALTER TABLE pms.user_details DROP COLUMN notifications_seen_dtimes;
ALTER TABLE pms.partner DROP COLUMN email_id_hash;
ALTER TABLE pms.partner ALTER COLUMN contact_no TYPE character varying(16);
ALTER TABLE pms.partner ALTER COLUMN email_id TYPE character varying(254);
ALTER TABLE pms.partner ALTER COLUMN address TYPE character varying(2000);
ALTER TABLE pms.partner_h DROP COLUMN email_id_hash;
ALTER TABLE pms.partner_contact DROP COLUMN email_id_hash;
