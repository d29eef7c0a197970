//! MISPs, their policies and licences, on one replica without a key manager.

use std::rc::Rc;

pub use pms_testkit::bodies::{nameless, neutral, plain, refused};
use pms_testkit::rows::PartnerRow;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::service::{Replica, Stage};

pub const MISPS: &str = "/v1/partnermanager/misps";
/// What the clock of every stage shows.
pub const NOW: &str = "2026-11-24T10:00:00";
/// Settings of a replica that has no key manager.
const ALONE: [(&str, &str); 2] = [
    ("key_manager.embedded", "false"),
    ("key_manager.url", "http://127.0.0.1:9/v1/keymanager"),
];

pub struct Misps {
    pub stage: Rc<Stage>,
    pub replica: Replica,
}

impl Misps {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    pub async fn with(overrides: &[(&str, &str)]) -> Self {
        let stage = Stage::new();
        let settings = [&ALONE[..], overrides].concat();
        let replica = stage.start(&settings).await;
        Self { stage, replica }
    }

    /// An active MISP of a user named like it, but in capitals.
    pub fn misp(&self, id: &str) {
        self.partner(id, "MISP_Partner", true);
    }

    pub fn partner(&self, id: &str, kind: &str, active: bool) {
        self.stage.database.partner(&PartnerRow {
            id,
            user: &format!("{id}-user").to_uppercase(),
            name: Some("Org"),
            kind,
            group: None,
            active,
            alias: None,
            ..PartnerRow::default()
        });
    }

    /// Takes the user from a partner.
    pub fn of_nobody(&self, id: &str) {
        let sql = format!("UPDATE pms.partner SET user_id = '' WHERE id = '{id}'");
        self.stage.sql(&sql);
    }

    /// A policy with this document; its name is its id.
    pub fn policy(&self, id: &str, document: &str) {
        let document = ("MISP", document);
        self.stage
            .database
            .policy_with(id, None, id, document, true);
    }

    /// A mapping request of a day of November.
    pub fn mapping(&self, misp: &str, policy: &str, status: &str, day: u8) {
        let (key, day) = (format!("{misp}-{day}"), format!("2026-11-{day}"));
        let database = &self.stage.database;
        database.mapping_of(&key, misp, policy, status, &day);
    }

    /// A licence with a policy, until a time, made on a day of November.
    pub fn licence(&self, misp: &str, key: &str, (policy, until): (&str, &str), active: bool) {
        let day = 1 + self.count("pms.misp_license");
        self.stage.sql(&format!(
            "INSERT INTO pms.misp_license (misp_id, license_key, policy_id, valid_from_date, \
               valid_to_date, is_active, cr_by, cr_dtimes, is_deleted) \
             VALUES ('{misp}', '{key}', nullif('{policy}', ''), '2026-11-{day}', '{until}', \
               {active}, 'u', '2026-11-{day}', false)"
        ));
    }

    pub async fn post(&self, who: &Who, path: &str, request: Value) -> Reply {
        self.replica
            .post(who, &format!("{MISPS}{path}"), request)
            .await
    }

    pub async fn put(&self, who: &Who, request: Value) -> Reply {
        let body = json!({ "id": "an id", "version": "1.0", "request": request });
        self.replica
            .send(who, "PUT", MISPS, Some(body.to_string()))
            .await
    }

    pub async fn get(&self, who: &Who, path: &str) -> Reply {
        self.replica.get(who, &format!("{MISPS}{path}")).await
    }

    pub fn count(&self, table: &str) -> u32 {
        let query = format!("SELECT count(*) FROM {table}");
        self.stage.text(&query).parse().unwrap()
    }

    /// Every licence of a MISP, oldest first: key, state, policy, author, last
    /// author. Keys that were made during the test are called `new`.
    pub fn licences(&self, misp: &str) -> Vec<String> {
        let rows = self.stage.text(&format!(
            "SELECT coalesce(string_agg(concat_ws('|', \
               CASE WHEN length(license_key) < 20 THEN license_key ELSE 'new' END, is_active, \
               coalesce(policy_id, '-'), cr_by, coalesce(upd_by, '-')), ' ' \
               ORDER BY cr_dtimes, license_key), '') FROM pms.misp_license WHERE misp_id = '{misp}'"
        ));
        rows.split_whitespace().map(str::to_owned).collect()
    }

    /// Every event: topic, key, status, policy. New keys as in `licences`.
    pub fn events(&self) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let events = self.stage.queued("event").into_iter();
        events
            .map(|(topic, envelope)| {
                let data = &envelope["event"]["data"];
                let licence = &data["mispLicenseData"];
                let key = text(&licence["licenseKey"]);
                let key = if key.len() < 20 {
                    key
                } else {
                    "new".to_owned()
                };
                let policy = text(&data["policyData"]["policyId"]);
                format!("{topic}|{key}|{}|{policy}", text(&licence["mispStatus"]))
            })
            .collect()
    }
}

/// The user of a MISP, in another case than the row has it.
pub fn owner(misp: &str) -> Who {
    Who::user(&format!("{misp}-User"), &["MISP_PARTNER"])
}

pub fn admin() -> Who {
    Who::admin()
}

pub const FOREIGN: (&str, &str) = ("PMS_PRT_055", "User not authorized.");
