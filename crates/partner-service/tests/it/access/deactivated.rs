//! A deactivated partner is given nothing, by any caller and any call: all
//! endpoints that write are tried, so that a new one is tried too.

use pms_testkit::Who;
use serde_json::{Value, json};

use super::calls::{Call, calls, with};
use super::{PARTNER_ROLES, furnish};
use crate::support::Stage;

/// What may still happen to a deactivated partner's rows: what it has is ended.
const ENDINGS: [(&str, &str); 5] = [
    (
        "PATCH /partners/{partnerId}/policy/{policyId}/apiKey/status",
        "De-active",
    ),
    ("PUT /partners/policy/{mappingkey}", "Rejected"),
    ("PATCH /devicedetail", "De-activate"),
    ("PATCH /securebiometricinterface", "De-activate"),
    // It names no status.
    ("PUT /securebiometricinterface/devicedetails/map/remove", ""),
];

/// All rows of a partner.
pub(super) fn rows(stage: &Stage, id: &str) -> Value {
    let tables = [
        ("partner", "id"),
        ("partner_h", "id"),
        ("partner_contact", "partner_id"),
        ("partner_policy", "part_id"),
        ("partner_policy_request", "part_id"),
        ("partner_policy_bioextract", "part_id"),
        ("partner_policy_credential_type", "part_id"),
        ("misp_license", "misp_id"),
        ("ftp_chip_detail", "foundational_trust_provider_id"),
        ("device_detail", "dprovider_id"),
        ("device_detail_sbi", "dprovider_id"),
        ("secure_biometric_interface", "provider_id"),
        ("oidc_client", "rp_id"),
    ];
    // One statement: this is read after every call.
    let each = tables.map(|(table, key)| {
        format!("SELECT '{table}' AS name, to_jsonb(t) AS row FROM {table} t WHERE {key} = '{id}'")
    });
    stage.rows(&format!("{} ORDER BY name, row", each.join(" UNION ALL ")))
}

/// The calls of the table that write, and the same with other statuses.
pub(super) fn writes() -> Vec<Call> {
    let mut writes: Vec<Call> = calls()
        .into_iter()
        .filter(|call| !call.name().starts_with("GET "))
        .collect();
    let label = |status: &str| json!({ "label": "label", "status": status });
    writes.push(with(
        "PATCH",
        "/partners/{partnerId}/policy/{policyId}/apiKey/status",
        "/partners/{p}/policy/{p}-held/apiKey/status",
        label("Active"),
    ));
    writes.push(with(
        "PUT",
        "/partners/policy/{mappingkey}",
        "/partners/policy/{p}-m1",
        json!({ "status": "Rejected" }),
    ));
    writes.push(with(
        "PATCH",
        "/partners/{partnerId}",
        "/partners/{p}",
        json!({ "status": "Active" }),
    ));
    for (path, id) in [
        ("/devicedetail", "{p}-waiting"),
        ("/securebiometricinterface", "{p}-waiting-sbi"),
    ] {
        let approval = json!({ "id": id, "approvalStatus": "Activate" });
        writes.push(with("PATCH", path, path, approval));
    }
    // Extractors for the request that is not decided.
    let extractors = json!({ "extractors": [{
        "attributeName": "iris",
        "biometric": "iris",
        "extractor": { "provider": "mock", "version": "1.1" },
    }] });
    writes.push(with(
        "POST",
        "/partners/{partnerId}/bioextractors/{policyId}",
        "/partners/{p}/bioextractors/{p}-asked",
        extractors,
    ));
    writes
}

#[actix_web::test]
async fn no_call_gives_a_deactivated_partner_anything() {
    nothing_is_given_to("approved", &writes()).await;
}

#[actix_web::test]
async fn no_call_gives_a_deactivated_partner_of_an_older_database_anything() {
    // The end of a partner is final only once it was approved (contract partner-admin.md §1.2).
    let status_call = "PATCH /partners/{partnerId}";
    let others = writes().into_iter();
    let others: Vec<Call> = others.filter(|call| call.name() != status_call).collect();

    nothing_is_given_to("Activated", &others).await;
}

/// Tries these calls on a partner that is inactive, with this `approval_status`.
async fn nothing_is_given_to(status: &str, calls: &[Call]) {
    let stage = Stage::start().await;
    furnish(&stage, "p");
    stage.sql(&format!(
        "INSERT INTO partner_contact (id, partner_id, contact_no, email_id, address, is_active,
           cr_by, cr_dtimes)
         VALUES ('c', 'p', '1', 'contact-p@example.org', 'x', true, 'u', now());
         UPDATE partner SET is_active = false, approval_status = '{status}' WHERE id = 'p'"
    ));
    let mut before = rows(&stage, "p");
    for call in calls {
        let name = call.name();
        for (who, is_admin) in [
            (Who::user("p", &PARTNER_ROLES), false),
            (Who::admin(), true),
        ] {
            let reply = call.send(&stage, &who, "p").await;

            let ending = is_admin
                && ENDINGS.iter().any(|(route, status)| {
                    *route == name && (status.is_empty() || call.asks_for(status))
                });
            let after = rows(&stage, "p");
            assert_eq!(after != before, ending, "{name}: {}", reply.text);
            before = after;
        }
    }
}
