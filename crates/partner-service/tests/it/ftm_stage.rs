//! FTM providers and chips that tests start from.

use pms_testkit::Who;
use serde_json::Value;

use crate::support::{BASE, Row, Stage};

/// A user of an FTM provider.
pub fn provider(name: &str) -> Who {
    Who::user(name, &["FTM_PROVIDER"])
}

/// A stage with the FTM providers `north` and `south`, each with a user of its
/// name, and a partner of the administrator.
pub async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.providers();
    stage
}

impl Stage {
    pub fn providers(&self) {
        for id in ["north", "south"] {
            self.partner(&Row {
                id,
                user: id,
                kind: "FTM_Provider",
                group: None,
                ..Row::default()
            });
        }
        self.partner(&Row {
            id: "boss",
            user: "admin",
            ..Row::default()
        });
    }

    /// Status, activity and certificate of a chip.
    pub fn chip_state(&self, id: &str) -> Value {
        self.rows(&format!(
            "SELECT approval_status, is_active, certificate_alias
             FROM ftp_chip_detail WHERE id = '{id}'"
        ))[0]
            .clone()
    }

    /// Event ids, ids and descriptions of the queued audit records.
    pub fn audit_lines(&self) -> Vec<(String, String, String)> {
        let text = |record: &Value, name: &str| record[name].as_str().unwrap().to_owned();
        self.app
            .audits()
            .iter()
            .map(|(topic, record)| {
                (
                    topic.clone(),
                    format!("{}={}", text(record, "idType"), text(record, "id")),
                    text(record, "description"),
                )
            })
            .collect()
    }

    pub fn assert_recorded(&self, expected: &[(&str, &str, &str)]) {
        let found = self.audit_lines();
        let found: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        assert_eq!(found, expected);
    }
}

/// No token, a role that is not enough, and a body that is no JSON.
pub async fn assert_write_guarded(stage: &Stage, method: &str, path: &str, request: &Value) {
    let nobody = stage
        .send(&Who::Nobody, method, path, request.clone())
        .await;
    let wrong = stage
        .send(
            &Who::user("x", &["AUTH_PARTNER"]),
            method,
            path,
            request.clone(),
        )
        .await;
    let broken = stage
        .app
        .send(
            &Who::admin(),
            method,
            &format!("{BASE}{path}"),
            Some("{".to_owned()),
        )
        .await;

    assert_eq!(
        (nobody.status, nobody.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    assert_eq!(
        (wrong.status, wrong.error().0.as_str()),
        (403, "KER-ATH-403")
    );
    assert_eq!(broken.status, 400);
}
