//! What a deployment says about jobs.

use super::*;

#[test]
fn schedules_periods_and_skipped_partners_of_jobs_are_taken_over() {
    let files = Files::new(
        "jobs",
        &[(
            "p.properties",
            r"
mosip.pms.batch.job.root.intermediate.cert.expiry.cron.schedule=-
mosip.pms.batch.job.partner.cert.expiry.cron.schedule=0 0 6 ? * *
mosip.pms.batch.job.weekly.notifications.cron.schedule=0 0 0 * * 6
mosip.pms.batch.job.delete.past.notifications.cron.schedule=0 30 1 * * MON-FRI
mosip.pms.batch.job.root.intermediate.cert.expiry.periods=30,15,0
mosip.pms.batch.job.partner.cert.expiry.periods=
mosip.pms.batch.job.past.notifications.deletion.period=90
mosip.pms.batch.job.enable.past.notifications.deletion=false
mosip.pms.batch.job.skips.partner.ids=MOSIP.PROXY.SBI,mpartner-default-cert,
mosip.pms.batch.job.something.newer=1
notifications.sent.before.days=7
pms.notifications-schedule.init-delay=24
pms.notifications-schedule.fixed-rate=24
",
        )],
    );
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let jobs = settings.jobs;
    assert_eq!(jobs.ca_certificates_cron, "-");
    assert_eq!(jobs.partner_certificates_cron, "0 0 6 ? * *");
    assert_eq!(jobs.weekly_summary_cron, "0 0 0 * * 6");
    assert_eq!(jobs.clean_up_cron, "0 30 1 * * MON-FRI");
    assert_eq!(jobs.ca_certificates_periods, [30, 15, 0]);
    assert_eq!(jobs.partner_certificates_periods, [0_u32; 0]);
    assert_eq!(jobs.keep_notifications_days, 90);
    assert!(!jobs.delete_notifications);
    assert_eq!(
        jobs.skip_partners,
        ["MOSIP.PROXY.SBI", "mpartner-default-cert"]
    );
    assert_eq!(jobs.api_key_mail_days, 7);
    assert_eq!(
        settings.notes,
        [
            "properties of the deployment without a meaning here: mosip.pms.batch.job.something.newer"
        ]
    );
}
