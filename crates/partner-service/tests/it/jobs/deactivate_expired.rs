//! What has expired ends, with its events and audit records, if that is wanted.

use pms_partner_service::jobs::{Jobs, Outcome};
use pms_testkit::TestDatabase;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::stage::{Stage, day};

const NOW: &str = "2026-12-01T12:00:00Z";

/// Things of all kinds that ended before [`NOW`], end after it, or ended before
/// and are out of use already.
fn stage() -> Stage {
    let stage = Stage::on(TestDatabase::seeded(), "-", NOW)
        .setting("jobs.deactivate_expired", "true")
        .setting("audit.url", "http://127.0.0.1:9/audits");
    stage.database.sql(
        "UPDATE auth_policy SET valid_to_date = '2099-01-01';
         UPDATE partner_policy SET valid_to_datetime = '2099-01-01';
         DELETE FROM device_detail_sbi; DELETE FROM device_detail;
         DELETE FROM secure_biometric_interface; DELETE FROM secure_biometric_interface_h;
         INSERT INTO partner (id, policy_group_id, name, user_id, partner_type_code,
           approval_status, is_active, cr_by, cr_dtimes)
         SELECT id, (SELECT id FROM policy_group LIMIT 1), 'Org ' || id, id, kind, 'approved',
           true, 'u', '2026-01-01'
         FROM (VALUES ('anna', 'Auth_Partner'), ('spared', 'Auth_Partner'),
                      ('misp', 'MISP_Partner'), ('north', 'Device_Provider')) AS p (id, kind);
         INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id, policy_type,
           version, policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
         SELECT id, (SELECT id FROM policy_group LIMIT 1), id, id, '{\"a\":1}', 'Auth', '1',
           schema, '2025-01-01', until::timestamp, active, 'u', '2026-01-01'
         FROM (VALUES ('ended', 's', '2026-12-01 11:59:59', true),
                      ('lasts', 's', '2026-12-01 12:00:00', true),
                      ('draft', NULL, '2026-01-01', false),
                      ('foreign', NULL, '2026-01-01', true),
                      ('withdrawn', 's', '2026-01-01', false)) AS p (id, schema, until, active);
         INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
           valid_to_datetime, is_active, label, cr_by, cr_dtimes)
         SELECT key, partner, 'ended', from_date::timestamp, until::timestamp, active,
           'label of ' || key, 'u', '2026-01-01'
         FROM (VALUES ('k1', 'anna', '2025-01-01', '2026-12-01 11:59:59', true),
                      ('k2', 'anna', '2025-01-02', '2026-12-01 12:00:00', true),
                      ('k3', 'anna', '2025-01-03', '2026-01-01', false),
                      ('k4', 'anna', '2025-01-04', NULL, true),
                      ('k5', 'spared', '2025-01-05', '2026-01-01', true))
           AS k (key, partner, from_date, until, active);
         INSERT INTO misp_license (misp_id, license_key, valid_from_date, valid_to_date,
           is_active, cr_by, cr_dtimes)
         VALUES ('misp', 'l1', '2025-01-01', '2026-11-30', true, 'u', '2026-01-01'),
                ('misp', 'l2', '2025-01-01', '2026-12-02', true, 'u', '2026-01-02'),
                ('misp', 'l3', '2025-01-01', '2026-01-01', false, 'u', '2026-01-03');
         INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
           sw_expiry_dtimes, approval_status, is_active, provider_id, partner_org_name, cr_by,
           cr_dtimes)
         SELECT id, 'hash', id, '2025-01-01', until::timestamp, status, active, 'north', 'Org',
           'u', '2026-01-01'
         FROM (VALUES ('in-use', '2026-11-30 23:00:00', 'approved', true),
                      ('last-day', '2026-12-01 00:00:00', 'approved', true),
                      ('waits', '2026-11-30', 'pending_approval', false),
                      ('ended', '2026-11-30', 'approved', false)) AS s (id, until, status, active);
         INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
           partner_org_name, approval_status, is_active, cr_by, cr_dtimes)
         SELECT id, 'north', 'Finger', 'Slap', id, 'Model', 'Org', status, active, 'u', '2026-01-01'
         FROM (VALUES ('d1', 'approved', true), ('d2', 'pending_approval', false),
                      ('d3', 'pending_approval', false)) AS d (id, status, active);
         INSERT INTO device_detail_sbi (dprovider_id, partner_org_name, device_detail_id, sbi_id,
           is_active, cr_by, cr_dtimes)
         VALUES ('north', 'Org', 'd1', 'in-use', false, 'u', '2026-01-01'),
                ('north', 'Org', 'd2', 'in-use', false, 'u', '2026-01-01'),
                ('north', 'Org', 'd3', 'waits', false, 'u', '2026-01-01')",
    );
    stage
}

async fn run(stage: &Stage, at: Option<&str>, dry_run: bool) -> Result<Outcome, String> {
    let (_stop, stopped) = watch::channel(false);
    let jobs = Jobs::new(&stage.runtime()).unwrap();
    let run = jobs.run("deactivate-expired", at.map(day), dry_run, stopped);
    run.await.map_err(|error| error.to_string())
}

/// What the job changed.
fn changed(stage: &Stage) -> Vec<String> {
    let rows = stage.database.text(
        "SELECT string_agg(what, E'\\n' ORDER BY what) FROM (
           SELECT 'key ' || policy_api_key || ' ' || is_active AS what FROM partner_policy
             WHERE upd_by = 'deactivate-expired'
           UNION ALL SELECT 'licence ' || license_key || ' ' || is_active FROM misp_license
             WHERE upd_by = 'deactivate-expired'
           UNION ALL SELECT 'sbi ' || id || ' ' || approval_status || ' ' || is_active
             FROM secure_biometric_interface WHERE upd_by = 'deactivate-expired'
           UNION ALL SELECT 'history of ' || id || ' ' || approval_status
             FROM secure_biometric_interface_h
           UNION ALL SELECT 'device ' || id || ' ' || approval_status || ' ' || is_active
             FROM device_detail WHERE upd_by = 'deactivate-expired'
           UNION ALL SELECT 'policy ' || id || ' ' || is_active FROM auth_policy
             WHERE upd_by = 'deactivate-expired') AS all_kinds",
    );
    rows.unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[actix_web::test]
async fn what_has_expired_ends_with_events_and_audit_records() {
    let stage = stage().setting("jobs.skip_partners", "spared");

    let outcome = run(&stage, None, false).await.unwrap();

    assert_eq!(
        changed(&stage),
        [
            "device d1 approved false",
            "device d2 rejected false",
            "history of in-use approved",
            "history of waits rejected",
            "key k1 false",
            "licence l1 false",
            "policy ended false",
            "sbi in-use approved false",
            "sbi waits rejected false",
        ]
    );
    assert_eq!(
        (
            outcome.examined,
            outcome.changed,
            outcome.skipped,
            outcome.failed
        ),
        (6, 5, 1, 0)
    );
    let named: Vec<_> = outcome.named.into_iter().collect();
    assert_eq!(
        named,
        [
            ("api_keys", 1),
            ("misp_licences", 1),
            ("policies", 1),
            ("sbis", 2)
        ]
    );
    let events = stage.database.queued("event");
    let sent: Vec<(&str, &Value)> = events
        .iter()
        .map(|(topic, event)| (topic.as_str(), &event["event"]["data"]))
        .collect();
    let topics: Vec<&str> = sent.iter().map(|(topic, _)| *topic).collect();
    assert_eq!(
        topics,
        ["APIKEY_UPDATED", "MISP_LICENSE_UPDATED", "POLICY_UPDATED"]
    );
    assert_eq!(sent[0].1["apiKeyData"]["apiKeyId"], json!("k1"));
    assert_eq!(sent[0].1["apiKeyData"]["apiKeyStatus"], json!("DEACTIVE"));
    assert_eq!(sent[1].1["mispLicenseData"]["licenseKey"], json!("l1"));
    assert_eq!(
        sent[1].1["mispLicenseData"]["mispStatus"],
        json!("NOT_ACTIVE")
    );
    assert_eq!(sent[2].1["policyData"]["policyId"], json!("ended"));
    assert_eq!(sent[2].1["policyData"]["policyStatus"], json!("DEACTIVE"));
    let audits = stage.database.queued("audit").into_iter();
    let audits: Vec<String> = audits
        .map(|(id, record)| {
            format!(
                "{id} {} by {}",
                record["id"].as_str().unwrap(),
                record["user"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        audits,
        [
            "PMS_PRT_199 anna by deactivate-expired",
            "PMS_PRT_299 anna by deactivate-expired",
            "PMS_PRT_189 misp by deactivate-expired",
            "PMS_PRT_289 misp by deactivate-expired",
            "AUT-006 in-use by deactivate-expired",
            "AUT-007 d1 by deactivate-expired",
            "AUT-007 d2 by deactivate-expired",
            "AUT-007 in-use by deactivate-expired",
            "AUT-006 waits by deactivate-expired",
            "AUT-007 waits by deactivate-expired",
            "PMS_PRT_184 ended by deactivate-expired",
            "PMS_PRT_284 ended by deactivate-expired",
        ]
    );

    stage.clock.set(super::stage::at("2026-12-01T12:00:01Z"));
    let again = run(&stage, None, false).await.unwrap();
    // A second later the next ones have expired, and none ends twice.
    assert_eq!((again.changed, again.skipped), (2, 1));
    assert_eq!(stage.database.queued("event").len(), 5);
}

#[actix_web::test]
async fn a_dry_run_tells_what_would_end_and_writes_nothing() {
    let stage = stage()
        .setting("jobs.deactivate_expired", "false")
        .setting("jobs.skip_partners", "spared");

    let today = run(&stage, None, true).await.unwrap();
    let later = run(&stage, Some("2026-12-03"), true).await.unwrap();
    let refused = run(&stage, None, false).await.unwrap_err();

    assert_eq!(
        today.lines,
        [
            "deactivate the API key \"label of k1\" of anna for policy ended, \
             expired 2026-12-01 11:59:59 UTC",
            "deactivate a licence of the MISP misp, expired 2026-11-30 00:00:00 UTC",
            "deactivate the SBI in-use version in-use of north, last day 2026-11-30",
            "reject the SBI waits version waits of north, last day 2026-11-30",
            "deactivate the policy ended (ended), ended 2026-12-01 11:59:59 UTC; \
             active API keys for it: 4",
        ]
    );
    assert_eq!((today.changed, later.changed), (5, 9));
    assert_eq!(
        refused,
        "jobs.deactivate_expired is off: only a dry run can be made"
    );
    assert_eq!(changed(&stage), [""; 0]);
    assert!(stage.database.queued("event").is_empty());
    assert!(stage.database.queued("audit").is_empty());
    let lines = today.lines.join(" ");
    assert!(!lines.contains("l1"), "no licence key is shown: {lines}");
}

#[actix_web::test]
async fn one_row_that_can_not_be_changed_holds_back_none_of_the_others() {
    let stage = stage();
    stage.database.sql(
        "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
         CREATE TRIGGER refuse BEFORE UPDATE ON pms.partner_policy FOR EACH ROW
           WHEN (OLD.policy_api_key = 'k1') EXECUTE FUNCTION public.refuse()",
    );

    let outcome = run(&stage, None, false).await.unwrap();

    assert_eq!((outcome.changed, outcome.failed), (5, 1));
    let key = "key k5 false".to_owned();
    assert!(changed(&stage).contains(&key));
    let run = "SELECT status || ': ' || error FROM pms.job_run";
    assert_eq!(
        stage.database.text(run).unwrap(),
        "done: 1 of 6 could not be done"
    );
    let failed = stage.database.queued("audit").into_iter();
    let failed = failed.filter(|(id, _)| id == "PMS_PRT_799").count();
    assert_eq!(failed, 1);
}
