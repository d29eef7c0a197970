//! Notifications to four partners, and questions about them.

use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::{Row, Stage};

pub const OPERATION: &str = "mosip.pms.notifications.get";
pub const PATH: &str = "/notifications";

pub fn details(certificate: &str, issuer: &str, subject: &str, domain: &str, end: &str) -> Value {
    json!({
        "certificateId": certificate,
        "issuedBy": issuer,
        "issuedTo": subject,
        "partnerId": null,
        "partnerDomain": domain,
        "expiryDateTime": end,
        "expiryPeriod": "30",
        "certificateType": "root",
    })
}

pub fn insert(stage: &Stage, id: &str, partner: &str, kind: &str, at: &str, details: &str) {
    stage.sql(&format!(
        "INSERT INTO notifications (id, partner_id, notification_type, notification_status,
           notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes)
         VALUES ('{id}', '{partner}', '{kind}', 'ACTIVE', '{details}', 'sealed', 'eng', 'SYSTEM',
           '{at}')"
    ));
}

pub fn about(item: &Value) -> String {
    json!({ "certificateDetails": [item] }).to_string()
}

pub async fn stage() -> Stage {
    let stage = Stage::start().await;
    for (id, user, active) in [
        ("office", "admin", false),
        ("acme", "anna", true),
        ("acme-old", "anna", false),
        ("bertco", "bert", true),
    ] {
        let email = format!("{id}@acme.org");
        stage.partner(&Row {
            id,
            user,
            active,
            email: &email,
            ..Row::default()
        });
    }
    let root = about(&details(
        "C-1",
        "CN=Ruth",
        "CN=Root_A",
        "AUTH",
        "2026-12-01T10:15",
    ));
    let other = about(&details(
        "C-2",
        "CN=Ruth",
        "CN=Root B",
        "FTM",
        "2026-12-02T00:00:01",
    ));
    insert(
        &stage,
        "r1",
        "office",
        "ROOT_CERT_EXPIRY",
        "2026-11-01 10:00",
        &root,
    );
    insert(
        &stage,
        "r2",
        "office",
        "ROOT_CERT_EXPIRY",
        "2026-11-02",
        &other,
    );
    insert(
        &stage,
        "i1",
        "office",
        "INTERMEDIATE_CERT_EXPIRY",
        "2026-11-03",
        &root,
    );
    insert(
        &stage,
        "w1",
        "office",
        "WEEKLY_SUMMARY",
        "2026-11-04 00:00",
        "{}",
    );
    insert(
        &stage,
        "w2",
        "office",
        "WEEKLY_SUMMARY",
        "2026-11-05 23:59:59",
        "{}",
    );
    insert(
        &stage,
        "p1",
        "acme",
        "PARTNER_CERT_EXPIRY",
        "2026-11-06",
        &root,
    );
    insert(
        &stage,
        "p2",
        "acme-old",
        "PARTNER_CERT_EXPIRY",
        "2026-11-07",
        &root,
    );
    insert(
        &stage,
        "p3",
        "bertco",
        "PARTNER_CERT_EXPIRY",
        "2026-11-08",
        &root,
    );
    insert(
        &stage,
        "p4",
        "office",
        "PARTNER_CERT_EXPIRY",
        "2026-11-09",
        &root,
    );
    stage.sql("UPDATE notifications SET notification_status = 'DISMISSED' WHERE id = 'r2'");
    stage
}

pub async fn list(stage: &Stage, who: &Who, query: &str) -> Reply {
    let reply = stage.get(who, &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

pub async fn ids(stage: &Stage, who: &Who, query: &str) -> Vec<String> {
    let data = list(stage, who, query).await.response()["data"].clone();
    let rows = data.as_array().unwrap().iter();
    rows.map(|row| row["notificationId"].as_str().unwrap().to_owned())
        .collect()
}
