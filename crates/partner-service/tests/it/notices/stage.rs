//! A partner service with its jobs, a key manager and an identity provider.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use pms_integrations::Dispatcher;
use pms_partner_service::jobs::{JobContext, JobError, Jobs, Outcome, RunPlan, all};
use pms_runtime::Runtime;
use pms_testkit::TestAppBuilder;
use pms_testkit::peers::KeycloakAdminPeer;
use serde_json::Value;
use tokio::sync::watch;

use crate::support::{Row, Stage};

/// Day of the stage's clock.
pub const TODAY: &str = "2026-11-24";

/// What a notification is: id, partner, type, details, address, language.
pub const ROWS: &str = "SELECT partner_id, notification_type, notification_status, \
    notification_details_json, email_lang_code, email_sent, email_sent_dtimes, cr_by, cr_dtimes, \
    upd_by FROM notifications ORDER BY partner_id, notification_type, notification_details_json";

pub struct Notices {
    pub stage: Stage,
    pub keycloak: KeycloakAdminPeer,
}

/// One process that runs jobs.
pub struct Process {
    jobs: Jobs,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(0, 0, 0).unwrap().and_utc()
}

impl Notices {
    /// With the administrator `boss`, who is a partner, and all types of notices.
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    pub async fn with(configure: impl FnOnce(TestAppBuilder) -> TestAppBuilder) -> Self {
        let keycloak = KeycloakAdminPeer::start();
        keycloak.add("boss", "Bo", "Ss", &["PARTNER_ADMIN"]);
        keycloak.add("anna", "An", "Na", &["AUTH_PARTNER"]);
        let url = keycloak.role_users_url();
        let stage = Stage::with(|builder| {
            let builder = builder.setting("keycloak.role_users_url", &url).setting(
                "jobs.notice_types",
                "root,intermediate,partner,weekly,ftm-chip,sbi,apikey,misp",
            );
            configure(builder)
        })
        .await;
        stage.sql("UPDATE partner SET certificate_alias = NULL");
        stage.partner(&Row {
            id: "Boss",
            user: "boss",
            alias: None,
            email: "boss@example.org",
            ..Row::default()
        });
        stage.sql("UPDATE partner SET lang_code = 'fra' WHERE id = 'Boss'");
        Self { stage, keycloak }
    }

    fn runtime(&self) -> Runtime {
        let settings = (*self.stage.app.runtime.settings).clone();
        let clock = self.stage.app.clock.clone();
        Runtime::build(settings, "jobs", clock).unwrap()
    }

    /// The deliveries of a process.
    pub fn process_with_dispatcher(&self) -> Dispatcher {
        self.runtime().dispatch().unwrap().unwrap()
    }

    /// A process of its own on the same database.
    pub fn process(&self) -> Process {
        let context = JobContext::alone(&self.runtime()).unwrap();
        Process {
            jobs: Jobs::of(Arc::new(context), all()),
        }
    }

    /// Runs a job as of today.
    pub async fn run(&self, job: &str) -> Outcome {
        self.process().run(job, &[day(TODAY)]).await.unwrap()
    }

    /// An active partner whose certificate is known to end.
    pub fn certified(&self, id: &str, kind: &str, ends: &str) {
        let (alias, email) = (format!("cert-of-{id}"), format!("{id}@example.org"));
        self.stage.partner(&Row {
            id,
            user: id,
            kind,
            alias: Some(&alias),
            email: &email,
            ..Row::default()
        });
        self.stage.sql(&format!(
            "INSERT INTO certificate_end (certificate_id, subject, issuer, not_after)
             VALUES ('{alias}', 'CN={id}', 'CN=PMS', '{ends}')"
        ));
    }

    pub fn key(&self, secret: &str, partner: &str, ends: &str) {
        self.stage.sql(&format!(
            "INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
               valid_to_datetime, is_active, label, cr_by, cr_dtimes)
             VALUES ('{secret}', '{partner}', 'p-1', now(), '{ends}', true, 'label {secret}', 'u', now())"
        ));
    }

    pub fn interface(&self, id: &str, provider: &str, ends: &str) {
        self.stage.sql(&format!(
            "INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
               sw_expiry_dtimes, approval_status, is_active, provider_id, partner_org_name, cr_by,
               cr_dtimes)
             VALUES ('{id}', 'abc', '1.{id}', '2026-01-02 03:04:05', '{ends}', 'approved', true,
               '{provider}', 'Org', 'u', now())"
        ));
    }

    pub fn licence(&self, key: &str, misp: &str, ends: &str) {
        self.stage.sql(&format!(
            "INSERT INTO misp_license (misp_id, license_key, policy_id, valid_from_date,
               valid_to_date, is_active, cr_by, cr_dtimes)
             VALUES ('{misp}', '{key}', 'p-1', now(), '{ends}', true, 'u', now())"
        ));
    }

    pub fn chip_certificate(&self, alias: &str, ends: &str) {
        self.stage.sql(&format!(
            "INSERT INTO ftm_certificate (certificate_id, uploaded_not_after, issued_not_before)
             VALUES ('{alias}', '{ends}', '2026-01-01');
             INSERT INTO certificate_end (certificate_id, subject, issuer, not_after)
             VALUES ('{alias}', 'CN={alias}', 'CN=PMS', '{ends}')"
        ));
    }

    /// Recipient, type and days left of the notifications.
    pub fn given(&self) -> Vec<String> {
        let rows = self.stage.rows(
            "SELECT partner_id, notification_type, notification_details_json
             FROM notifications ORDER BY partner_id, notification_type, cr_dtimes, id",
        );
        let rows = rows.as_array().cloned().unwrap_or_default();
        let mut lines: Vec<String> = rows.iter().map(line).collect();
        lines.sort();
        lines
    }

    /// What the notifications say, and all else about them.
    pub fn rows(&self) -> Value {
        let mut rows = self.stage.rows(ROWS);
        for row in rows.as_array_mut().unwrap() {
            let json = row["notification_details_json"].as_str().unwrap();
            row["notification_details_json"] = serde_json::from_str(json).unwrap();
        }
        rows
    }

    /// Every notification to a user with an address has one queued mail.
    pub fn assert_mails(&self) {
        let without = "SELECT count(*) FROM notifications n WHERE email_id <> '' AND 1 <> (
            SELECT count(*) FROM outbox o
            WHERE o.lane = 'mail' AND o.payload #>> '{notification,id}' = n.id)";
        assert_eq!(self.stage.text(without).as_deref(), Some("0"));
        let strangers = "SELECT count(*) FROM outbox o WHERE o.lane = 'mail'
            AND o.payload -> 'notification' IS NOT NULL AND NOT EXISTS (
            SELECT FROM notifications n WHERE n.id = o.payload #>> '{notification,id}')";
        assert_eq!(self.stage.text(strangers).as_deref(), Some("0"));
    }
}

/// `recipient TYPE item days`.
fn line(row: &Value) -> String {
    let details: Value =
        serde_json::from_str(row["notification_details_json"].as_str().unwrap()).unwrap();
    let lists = [
        ("certificateDetails", "certificateId"),
        ("ftmDetails", "ftmId"),
        ("sbiDetails", "sbiId"),
        ("apiKeyDetails", "apiKeyName"),
        ("mispLicenseKeyDetails", "mispLicenseKeyName"),
    ];
    let kind = row["notification_type"].as_str().unwrap();
    let (mut item, mut period) = (String::new(), String::new());
    for (list, id) in lists {
        let items = details[list].as_array().cloned().unwrap_or_default();
        if kind == "WEEKLY_SUMMARY" {
            for one in items {
                item += one[id].as_str().unwrap();
                item += ",";
            }
        } else if let Some(first) = items.first() {
            item = first[id].as_str().unwrap().to_owned();
            period = first["expiryPeriod"].as_str().unwrap().to_owned();
        }
    }
    let to = row["partner_id"].as_str().unwrap();
    format!("{to} {kind} {item} {period}").trim_end().to_owned()
}

impl Process {
    /// Runs a job for these days, at the beginning of the last one.
    pub async fn run(&self, job: &str, days: &[NaiveDate]) -> Result<Outcome, JobError> {
        self.run_as(job, days, false).await
    }

    pub async fn run_as(
        &self,
        job: &str,
        days: &[NaiveDate],
        dry_run: bool,
    ) -> Result<Outcome, JobError> {
        let (_stop, stopped) = watch::channel(false);
        let now = midnight(*days.last().unwrap());
        let plan = RunPlan {
            planned_at: now,
            days: days.to_vec(),
            now,
            dry_run,
        };
        self.jobs.run_plan(job, &plan, stopped).await
    }
}
