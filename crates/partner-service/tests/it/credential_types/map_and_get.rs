use futures_util::future::join_all;
use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::support::{BASE, Row, Stage, auth_partner, plain, refused};

fn credential_partner(name: &str) -> Who {
    Who::user(name, &["CREDENTIAL_PARTNER"])
}

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row {
        kind: "Credential_Partner",
        ..Row::default()
    });
    stage
}

async fn map(stage: &Stage, who: &Who, partner: &str, kind: &str, policy: &str) -> Reply {
    let path = format!("{BASE}/partners/{partner}/credentialtype/{kind}/policies/{policy}");
    stage.app.send(who, "POST", &path, None).await
}

async fn get(stage: &Stage, who: &Who, kind: &str) -> Reply {
    stage
        .get(
            who,
            &format!("/partners/acme/credentialtype/{kind}/policies"),
        )
        .await
}

#[actix_web::test]
async fn a_credential_type_is_mapped_once_and_read() {
    let stage = stage().await;
    let acme = credential_partner("acme");

    let mapped = map(&stage, &acme, "acme", "VerCred", "Policy%20One").await;
    let message = "Partner, policy and credentialType mapping done successfully.";
    assert_eq!(
        (mapped.status, mapped.timeless()),
        (200, plain(&json!(message)))
    );
    stage.assert_audits(&[
        ("PMS_PRT_108", "acme", "partnerId"),
        ("PMS_PRT_208", "NO_ID", "NO_ID_TYPE"),
    ]);
    let row = "SELECT part_id, policy_id, credential_type, is_active, is_deleted, cr_by
        FROM partner_policy_credential_type WHERE part_id = 'acme'";
    let expected = json!([{
        "part_id": "acme",
        "policy_id": "p-1",
        "credential_type": "VerCred",
        "is_active": true,
        "is_deleted": false,
        "cr_by": "acme",
    }]);
    assert_eq!(stage.rows(row), expected);

    stage.sql(
        "UPDATE auth_policy SET cr_dtimes = '2026-01-02 03:04:05.6', policy_schema = 's'
         WHERE id = 'p-1'",
    );
    let reply = get(&stage, &acme, "VerCred").await;
    let expected = json!({
        "partnerId": "acme",
        "credentialType": "VerCred",
        "policyId": "p-1",
        "policyName": "Policy One",
        "policyDesc": "About Policy One",
        "policyType": "Auth",
        "publishDate": "2026-01-01T00:00:00",
        "validTill": "2030-01-01T00:00:00",
        "status": "PUBLISHED",
        "version": "1.0",
        "schema": "s",
        "is_Active": true,
        "cr_by": "u",
        "cr_dtimes": "2026-01-02T03:04:05.6",
        "up_by": null,
        "upd_dtimes": null,
        "policies": { "b": 1, "a": [2] },
    });
    assert_eq!((reply.status, reply.timeless()), (200, plain(&expected)));
    assert!(
        reply.text.contains(r#""policies":{"b":1,"a":[2]}"#),
        "members keep their order"
    );

    let other_case = get(&stage, &acme, "vercred").await;
    assert_eq!(
        other_case.timeless(),
        refused("PMS_PRT_064", "No details found")
    );
    let foreign = get(&stage, &credential_partner("x"), "VerCred").await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
    let numbers = r#"{"own":[12345678901234567890123,1.10,1e2]}"#;
    stage.sql(&format!(
        "UPDATE auth_policy SET policy_file_id = '{numbers}' WHERE id = 'p-1'"
    ));
    let spelled = get(&stage, &acme, "VerCred").await;
    assert!(spelled.text.contains(numbers), "{}", spelled.text);

    stage.sql("UPDATE auth_policy SET policy_file_id = 'x', is_active = false WHERE id = 'p-1'");
    let unreadable = get(&stage, &acme, "VerCred").await;
    let message = "Error occured while parsing policy string to json object";
    assert_eq!(unreadable.timeless(), refused("PMS_PRT_071", message));
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.partner(&Row {
        id: "off",
        active: false,
        kind: "Device_Provider",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "device",
        kind: "Device_Provider",
        ..Row::default()
    });
    map(&stage, &Who::admin(), "acme", "auth", "Policy%20One").await;
    let kinds = "Given credential type is not allowed. Allowed credential types : \
                 auth,qrcode,euin,reprint,vercred,opencrvs";
    let types = "Credential mapping allowed only for :\
                 Credential_Partner,Online_Verification_Partner,Auth_Partner";
    let taken = "Mapping exists for given policy and partner with this credential type";
    let cases = [
        (
            "nobody",
            "x",
            "x",
            "PMS_PRT_072",
            kinds,
            ("PMS_PRT_408", "x", "credentialType"),
        ),
        (
            "nobody",
            "auth",
            "x",
            "PMS_PRT_005",
            "Partner does not exist",
            ("PMS_PRT_419", "nobody", "partnerId"),
        ),
        (
            "off",
            "auth",
            "x",
            "PMS_PMP_016",
            "Partner is not active.",
            ("PMS_PRT_419", "off", "partnerId"),
        ),
        (
            "device",
            "auth",
            "x",
            "PMS_PRT_070",
            types,
            ("PMS_PRT_408", "device", "partnerId"),
        ),
        (
            "acme",
            "auth",
            "x",
            "PMS_PRT_073",
            "Policy not exists.",
            ("PMS_PRT_404", "x", "policyName"),
        ),
        (
            "acme",
            "auth",
            "Policy%20One",
            "PMS_PRT_007",
            taken,
            ("PMS_PRT_404", "Policy One", "policyName"),
        ),
    ];
    for (partner, kind, policy, code, message, audit) in cases {
        let reply = map(&stage, &Who::admin(), partner, kind, policy).await;
        assert_eq!(reply.timeless(), refused(code, message));
        let last = stage.audits().pop().unwrap();
        assert_eq!((last.0.as_str(), last.1.as_str(), last.2.as_str()), audit);
    }
    let foreign = map(
        &stage,
        &credential_partner("x"),
        "acme",
        "qrcode",
        "Policy%20One",
    )
    .await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
    let role = map(
        &stage,
        &auth_partner("acme"),
        "acme",
        "qrcode",
        "Policy%20One",
    )
    .await;
    assert_eq!(role.status, 403);
}

#[actix_web::test]
async fn the_seeded_mobile_partner_gets_verifiable_credentials() {
    let stage = Stage::start().await;
    stage.sql(
        "DELETE FROM partner_policy_credential_type WHERE part_id = 'mpartner-default-mobile'",
    );

    let admin = Who::admin();
    let reply = map(
        &stage,
        &admin,
        "mpartner-default-mobile",
        "vercred",
        "mpolicy-default-mobile",
    )
    .await;

    assert!(
        reply.text.contains("mapping done successfully"),
        "{}",
        reply.text
    );
}

#[actix_web::test]
async fn of_simultaneous_mappings_of_one_type_one_wins() {
    let stage = stage().await;
    let admin = Who::admin();

    let replies =
        join_all((0..6).map(|_| map(&stage, &admin, "acme", "auth", "Policy%20One"))).await;

    let won = replies
        .iter()
        .filter(|reply| reply.json()["errors"] == json!([]))
        .count();
    let taken = "Mapping exists for given policy and partner with this credential type";
    let lost = replies
        .iter()
        .filter(|reply| reply.timeless() == refused("PMS_PRT_007", taken));
    assert_eq!((won, lost.count()), (1, 5));
}
