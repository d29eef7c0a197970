use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, refusal};
use crate::support::{Row, Stage, auth_partner};

const OPERATION: &str = "mosip.pms.expiries.get";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Loans", true);
    for (id, user, alias) in [("acme", "anna", "c-1"), ("north", "bert", "c-2")] {
        stage.partner(&Row {
            id,
            user,
            alias: Some(alias),
            ..Row::default()
        });
    }
    stage.chip("chip", "north", ("approved", true), Some("chip-cert"));
    stage.chip(
        "pending",
        "north",
        ("pending_approval", false),
        Some("chip-cert"),
    );
    stage.sql(
        "INSERT INTO certificate_end (certificate_id, subject, issuer, not_after) VALUES
           ('c-1', 'CN=acme', 'CN=PMS', '2026-12-01 10:15'),
           ('c-2', 'CN=north', 'CN=PMS', '2026-11-20 10:15');
         INSERT INTO ftm_certificate (certificate_id, uploaded_not_after) VALUES
           ('chip-cert', '2026-12-02 00:00');
         INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
           valid_to_datetime, is_active, label, cr_by, cr_dtimes) VALUES
           ('secret-1', 'acme', 'p-1', '2026-01-01', '2026-11-24 11:00', true, 'first', 'u', now()),
           ('secret-2', 'acme', 'p-1', '2026-01-02', '2026-11-24 11:00', false, 'off', 'u', now());
         INSERT INTO misp_license (misp_id, license_key, policy_id, valid_from_date, valid_to_date,
           is_active, cr_by, cr_dtimes) VALUES
           ('north', 'licence-0001', 'p-1', '2026-01-01', '2027-11-01', true, 'u', now());
         INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
           sw_expiry_dtimes, approval_status, is_active, provider_id, partner_org_name, cr_by,
           cr_dtimes) VALUES
           ('sbi', 'abc', '1.0', '2026-01-01', '2026-12-05', 'approved', true, 'acme', 'Org', 'u', now()),
           ('waits', 'abc', '1.1', '2026-01-01', '2026-12-05', 'pending_approval', false, 'acme', 'Org', 'u', now());
         INSERT INTO keymgr.ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id,
           cert_not_before, cert_not_after, cert_data, cert_thumbprint, cert_sha256, cert_serial_no,
           partner_domain, ca_cert_type, cr_by, cr_dtimes) VALUES
           ('ca-1', 'CN=Top', 'CN=Top', 'ca-1', '2020-01-01', '2026-12-03', 'PEM', 't', 's', '1',
            'AUTH', 'ROOT', 'u', now())",
    );
    stage
}

async fn list(stage: &Stage, who: &Who, query: &str) -> Reply {
    stage.get(who, &format!("/expiries?{query}")).await
}

/// Type and name of each row.
fn lines(reply: &Reply) -> Vec<String> {
    let data = reply.response()["data"].clone();
    let line = |row: &Value| {
        let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
        format!("{} {}", text("type"), text("name"))
    };
    data.as_array().unwrap().iter().map(line).collect()
}

#[actix_web::test]
async fn callers_see_what_their_partners_have_the_next_end_first() {
    let stage = stage().await;

    let reply = list(&stage, &auth_partner("anna"), "").await;

    let row = |kind: &str,
               id: Value,
               name: &str,
               policy: Value,
               ends: &str,
               days: i64,
               action: &str,
               advice: &str| {
        json!({
            "type": kind, "itemId": id, "name": name, "partnerId": "acme", "orgName": "Org acme",
            "partnerDomain": null, "policyName": policy, "expiryDateTime": ends, "daysLeft": days,
            "action": action, "advice": advice,
        })
    };
    let page = json!({
        "pageNo": 0, "pageSize": 8, "totalResults": 3,
        "data": [
            row("api-key", Value::Null, "first", json!("Loans"), "2026-11-24T11:00:00", 0,
                "GENERATE_API_KEY", "Generate a new API key for the policy and use it instead."),
            row("partner-certificate", json!("c-1"), "CN=acme", Value::Null, "2026-12-01T10:15:00", 7,
                "UPLOAD_PARTNER_CERTIFICATE", "Upload a new certificate of the partner."),
            row("sbi", json!("sbi"), "1.0", Value::Null, "2026-12-05T00:00:00", 10,
                "ADD_SBI", "Add the next version of the SBI and map its devices to it."),
        ],
    });
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, answered(OPERATION, &page))
    );
    assert!(!reply.text.contains("secret"), "{}", reply.text);
}

#[actix_web::test]
async fn administrators_see_everything_and_filter_it() {
    let stage = stage().await;
    let admin = Who::admin();

    for (query, expected) in [
        (
            "pageSize=20&pageNo=0",
            &[
                "api-key first",
                "partner-certificate CN=acme",
                "ftm-chip-certificate Make chip",
                "ca-certificate CN=Top",
                "sbi 1.0",
            ][..],
        ),
        ("type=sbi", &["sbi 1.0"]),
        ("type=SBI", &[]),
        ("partnerId=NOR", &["ftm-chip-certificate Make chip"]),
        (
            "name=cn%3D",
            &["partner-certificate CN=acme", "ca-certificate CN=Top"],
        ),
        ("policyName=loan", &["api-key first"]),
        ("orgName=org%20acme&type=sbi", &["sbi 1.0"]),
        ("withinDays=1", &["api-key first"]),
        (
            "withinDays=365&type=misp-licence",
            &["misp-licence ****0001"],
        ),
        (
            "withEnded=true&type=partner-certificate",
            &[
                "partner-certificate CN=north",
                "partner-certificate CN=acme",
            ],
        ),
        (
            "sortFieldName=expiryDateTime&sortType=desc&pageNo=0&pageSize=2",
            &["sbi 1.0", "ca-certificate CN=Top"],
        ),
    ] {
        assert_eq!(
            lines(&list(&stage, &admin, query).await),
            expected,
            "{query}"
        );
    }
    let ended = list(&stage, &admin, "withEnded=true&type=partner-certificate").await;
    assert_eq!(ended.response()["data"][0]["daysLeft"], -4);
}

#[actix_web::test]
async fn refusals_come_in_their_order() {
    let stage = stage().await;
    let period = "withinDays must be between 1 and 366.";
    let refused = |code: &str, text: &str| refusal(OPERATION, code, text);

    for (who, query, expected) in [
        (
            auth_partner("nobody"),
            "pageNo=-1&withinDays=0",
            refused("PMS_PRT_360", "Invalid Page No"),
        ),
        (
            auth_partner("nobody"),
            "withinDays=0",
            refused("PMS_EXPIRY_ERROR_002", period),
        ),
        (
            auth_partner("nobody"),
            "withinDays=367",
            refused("PMS_EXPIRY_ERROR_002", period),
        ),
        (
            auth_partner("nobody"),
            "",
            refused("PMS_CERTIFICATE_ERROR_002", "User Id does not exists."),
        ),
    ] {
        let reply = list(&stage, &who, query).await;
        assert_eq!((reply.status, reply.timeless()), (200, expected), "{query}");
    }
    assert_eq!(list(&stage, &Who::Nobody, "").await.status, 401);
    assert_eq!(
        list(&stage, &Who::admin(), "withinDays=soon").await.status,
        400
    );
    let others = list(&stage, &auth_partner("bert"), "partnerId=acme").await;
    assert_eq!(others.response()["data"], json!([]));
}

#[actix_web::test]
async fn who_may_not_read_is_refused() {
    let stage = Stage::with(|builder| builder.setting("roles.getexpiries", "PARTNER_ADMIN")).await;

    assert_eq!(list(&stage, &auth_partner("anna"), "").await.status, 403);
    assert_eq!(list(&stage, &Who::admin(), "").await.status, 200);
}
