//! The OIDC clients of a partner end when the partner is deactivated.

use serde_json::{Value, json};

use super::endings::{deactivate, events, row, stage};
use crate::support::Stage;

/// A client of each form, and one that ended before.
fn clients(stage: &Stage, partner: &str) {
    for (id, name, status) in [
        ("plain", "Bank", "ACTIVE"),
        ("names", r#"{"eng":"Bank","@none":"B"}"#, "active"),
        ("ended", "Bank", "INACTIVE"),
    ] {
        stage.sql(&format!(
            "INSERT INTO oidc_client (id, name, rp_id, policy_id, logo_uri, redirect_uris, claims,
               acr_values, public_key, grant_types, auth_methods, status, cr_by, cr_dtimes)
             VALUES ('{partner}-{id}', '{name}', '{partner}', 'p-1', 'https://x/l', 'https://x/r',
               'name,email', 'mosip:idp:acr:generated-code', '{{\"kid\":\"{partner}-{id}\"}}',
               'authorization_code', 'private_key_jwt', '{status}', 'u', now())"
        ));
    }
}

#[actix_web::test]
async fn the_clients_of_a_partner_end_with_it_here_at_ida_and_at_esignet() {
    let stage = stage(true).await;
    for partner in ["acme", "other"] {
        clients(&stage, partner);
    }

    deactivate(&stage, "acme").await;

    let rows = stage.rows("SELECT id, status, upd_by, upd_dtimes FROM oidc_client ORDER BY id");
    let client_row = |id: &str, status: &str, changed: bool| {
        let mut row = row(id, status, changed);
        let id = row["row"].take();
        json!({
            "id": id, "status": status, "upd_by": row["upd_by"], "upd_dtimes": row["upd_dtimes"],
        })
    };
    let expected = json!([
        client_row("acme-ended", "INACTIVE", false),
        client_row("acme-names", "INACTIVE", true),
        client_row("acme-plain", "INACTIVE", true),
        client_row("other-ended", "INACTIVE", false),
        client_row("other-names", "active", false),
        client_row("other-plain", "ACTIVE", false),
    ]);
    assert_eq!(rows, expected);
    let client = |id: &str, name: &str| {
        json!({ "clientData": {
            "clientId": id,
            "clientName": name,
            "clientStatus": "INACTIVE",
            "userClaims": ["name", "email"],
            "authContextRefs": ["mosip:idp:acr:generated-code"],
            "clientAuthMethods": ["private_key_jwt"],
        }})
    };
    let mut reported = events(&stage);
    // The partner comes last.
    assert_eq!(reported.pop().unwrap().0, "PARTNER_UPDATED");
    reported.retain(|(topic, _)| topic == "OIDC_CLIENT_UPDATED");
    let reported: Vec<Value> = reported.into_iter().map(|(_, data)| data).collect();
    assert_eq!(
        reported,
        [
            client("acme-names", r#"{"eng":"Bank","@none":"B"}"#),
            client("acme-plain", "Bank"),
        ]
    );
    let queued = "SELECT order_key, payload FROM outbox WHERE lane = 'oidc-client' ORDER BY seq";
    let put = |id: &str| json!({ "order_key": id, "payload": { "clientId": id } });
    assert_eq!(
        stage.rows(queued),
        json!([put("acme-names"), put("acme-plain")])
    );
}

#[actix_web::test]
async fn with_the_switch_off_clients_go_on() {
    let stage = stage(false).await;
    clients(&stage, "acme");

    deactivate(&stage, "acme").await;

    let changed = "SELECT count(*) FROM oidc_client WHERE upd_by IS NOT NULL";
    assert_eq!(stage.text(changed).as_deref(), Some("0"));
    let queued = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client'";
    assert_eq!(stage.text(queued).as_deref(), Some("0"));
}
