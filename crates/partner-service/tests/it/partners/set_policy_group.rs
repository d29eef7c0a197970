use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::support::{BASE, Row, Stage, auth_partner, plain, refused};

const WAITING: Row<'_> = Row {
    id: "acme",
    user: "acme",
    name: None,
    kind: "Auth_Partner",
    group: None,
    status: "InProgress",
    active: false,
    alias: None,
    email: "info@acme.org",
    email_hash: None,
    phone: "1",
    address: "x",
};

async fn put(stage: &Stage, who: &Who, partner: &str, group: &str) -> Reply {
    let path = format!("{BASE}/partners/{partner}/policygroup/{group}");
    stage.app.send(who, "PUT", &path, None).await
}

#[actix_web::test]
async fn a_waiting_partner_moves_to_a_group() {
    let stage = Stage::start().await;
    stage.partner(&WAITING);

    let reply = put(&stage, &auth_partner("acme"), "acme", "Group%20One").await;

    assert_eq!(
        (reply.status, reply.timeless()),
        (200, plain(&json!("Success")))
    );
    let row = "SELECT policy_group_id, upd_by FROM partner WHERE id = 'acme'";
    assert_eq!(
        stage.rows(row),
        json!([{ "policy_group_id": "g-1", "upd_by": "acme" }])
    );
    let history = "SELECT policy_group_id FROM partner_h WHERE id = 'acme'";
    assert_eq!(stage.text(history).as_deref(), Some("g-1"));
    stage.assert_audits(&[
        ("PMS_PRT_121", "acme", "partnerId"),
        ("PMS_PRT_221", "acme", "partnerId"),
    ]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::start().await;
    stage.group("g-2", "Closed", false);
    stage.partner(&WAITING);
    stage.partner(&Row {
        id: "on",
        user: "on",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "off",
        user: "off",
        active: false,
        ..Row::default()
    });
    for (id, status) in [("old", "Activated"), ("down", "rejected")] {
        stage.partner(&Row {
            id,
            user: id,
            status,
            active: false,
            ..Row::default()
        });
    }
    stage.partner(&Row {
        id: "device",
        user: "device",
        kind: "Device_Provider",
        ..WAITING
    });
    let fixed = "Policy group cannot be updated for approved partner";
    let admin = Who::admin();
    let cases = [
        (
            "nobody",
            "x",
            "PMS_PRT_005",
            "Partner does not exist",
            ("PMS_PRT_419", "nobody"),
        ),
        ("on", "x", "PMS_PRT_050", fixed, ("PMS_PRT_421", "on")),
        ("off", "x", "PMS_PRT_050", fixed, ("PMS_PRT_421", "off")),
        ("old", "x", "PMS_PRT_050", fixed, ("PMS_PRT_421", "old")),
        ("down", "x", "PMS_PRT_050", fixed, ("PMS_PRT_421", "down")),
        (
            "device",
            "x",
            "PMS_PRT_048",
            "policy group mapping is not required for given partner",
            ("PMS_PRT_421", "device"),
        ),
        (
            "acme",
            "x",
            "PMS_PRT_002",
            "Policy group does not exist",
            ("PMS_PRT_401", "x"),
        ),
        (
            "acme",
            "Closed",
            "PMS_PMP_023",
            "Policy group is not active.",
            ("PMS_PRT_401", "Closed"),
        ),
    ];
    for (partner, group, code, message, (event, about)) in cases {
        let reply = put(&stage, &admin, partner, group).await;
        assert_eq!(
            reply.timeless(),
            refused(code, message),
            "{partner} {group}"
        );
        let last = stage.audits().pop().unwrap();
        assert_eq!((last.0.as_str(), last.1.as_str()), (event, about));
    }
    let foreign = put(&stage, &auth_partner("x"), "acme", "Group%20One").await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
}
