use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, echoed, neutral, plain, refused, violation};

const PATH: &str = "/partners/acme/bioextractors/p-1";

fn credential_partner(name: &str) -> Who {
    Who::user(name, &["CREDENTIAL_PARTNER"])
}

async fn stage() -> Stage {
    with_one_request(Stage::start().await)
}

fn with_one_request(stage: Stage) -> Stage {
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row {
        kind: "Credential_Partner",
        ..Row::default()
    });
    stage.mapping("m-1", "acme", "p-1", "InProgress");
    stage
}

fn onboarding() -> Value {
    json!({ "extractors": [
        {
            "attributeName": "photo",
            "biometric": "face",
            "extractor": { "provider": "t5-face-lowres", "version": "1.1" },
        },
        {
            "attributeName": "thumbs",
            "biometric": "finger[left,right]",
            "extractor": { "provider": "dlib", "version": null },
        },
    ]})
}

#[actix_web::test]
async fn extractors_are_added_listed_and_changed() {
    let stage = stage().await;

    let added = stage
        .send(&credential_partner("acme"), "POST", PATH, onboarding())
        .await;
    assert_eq!(
        added.timeless(),
        echoed(&json!("Extractors added successfully."))
    );
    stage.assert_audits(&[
        ("PMS_PRT_107", "acme", "partnerId"),
        ("PMS_PRT_207", "acme", "partnerId"),
    ]);

    let listed = stage.get(&credential_partner("acme"), PATH).await;
    assert_eq!(
        (listed.status, listed.timeless()),
        (200, plain(&onboarding()))
    );

    let change = json!({ "extractors": [{
        "attributeName": "thumbs",
        "biometric": "finger",
        "extractor": { "provider": "other", "version": "2" },
    }]});
    stage
        .send(&Who::admin(), "POST", PATH, change.clone())
        .await;
    let mut expected = onboarding();
    expected["extractors"][1] = change["extractors"][0].clone();
    let listed = stage
        .get(&Who::user("svc", &["CREDENTIAL_ISSUANCE"]), PATH)
        .await;
    assert_eq!(listed.response(), expected);
    let stamps = "SELECT attribute_name, biometric_sub_types, cr_by, upd_by
        FROM partner_policy_bioextract WHERE part_id = 'acme' ORDER BY 1";
    let expected = json!([
        { "attribute_name": "photo", "biometric_sub_types": null, "cr_by": "acme", "upd_by": null },
        { "attribute_name": "thumbs", "biometric_sub_types": null, "cr_by": "acme", "upd_by": "admin" },
    ]);
    assert_eq!(stage.rows(stamps), expected);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let unmapped = refused("PMS_PRT_061", "Partner policy mapping not exists.");

    for path in [
        "/partners/nobody/bioextractors/p-1",
        "/partners/acme/bioextractors/p-9",
    ] {
        let reply = stage
            .send(&credential_partner("x"), "POST", path, onboarding())
            .await;
        assert_eq!(reply.timeless(), unmapped, "{path}");
    }
    let foreign = stage
        .send(&credential_partner("x"), "POST", PATH, onboarding())
        .await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
    stage.forget();
    stage.mapping("m-2", "acme", "p-1", "APPROVED");
    let late = stage.send(&Who::admin(), "POST", PATH, onboarding()).await;
    let message = "Partner api key request is approved already. Cann't add extractors now.";
    assert_eq!(late.timeless(), refused("PMS_PRT_062", message));
    stage.assert_audits(&[
        ("PMS_PRT_107", "acme", "partnerId"),
        ("PMS_PRT_407", "acme", "partnerId"),
    ]);
}

#[actix_web::test]
async fn listing_needs_rows_of_ones_own() {
    let stage = stage().await;
    let none = stage.get(&credential_partner("x"), PATH).await;
    assert_eq!(none.timeless(), refused("PMS_PRT_064", "No details found"));

    stage.send(&Who::admin(), "POST", PATH, onboarding()).await;
    let foreign = stage.get(&credential_partner("x"), PATH).await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
    assert_eq!(stage.get(&auth_partner("acme"), PATH).await.status, 403);
}

#[actix_web::test]
async fn what_does_not_fit_its_column_is_refused() {
    let stage = stage().await;
    let item = |name: &str, biometric: &str, version: &str| {
        json!({ "extractors": [{
            "attributeName": name,
            "biometric": biometric,
            "extractor": { "provider": "x", "version": version },
        }]})
    };
    let long = "x".repeat(65);
    let cases = [
        (json!({}), "must not be null", "extractors"),
        (
            json!({ "extractors": [{}] }),
            "must not be null",
            "extractors[0].attributeName",
        ),
        (
            json!({ "extractors": [null] }),
            "must not be null",
            "extractors[0].attributeName",
        ),
        (
            json!({ "extractors": vec![json!({}); 1001] }),
            "size must be between 0 and 1000",
            "extractors",
        ),
        (
            item("a", &long, "1"),
            "size must be between 0 and 64",
            "extractors[0].biometric",
        ),
        (
            item("a", &format!("f[{long}]"), "1"),
            "size must be between 0 and 64",
            "extractors[0].biometric",
        ),
        (
            item("<a>", "f", "1"),
            "must not contain < or >",
            "extractors[0].attributeName",
        ),
        (
            item("a", "f", "123456789"),
            "size must be between 0 and 8",
            "extractors[0].extractor.version",
        ),
        (
            json!({ "extractors": [{ "attributeName": "a", "biometric": "b" }] }),
            "must not be null",
            "extractors[0].extractor",
        ),
    ];
    for (request, rule, field) in cases {
        let reply = stage.send(&Who::admin(), "POST", PATH, request).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field))
        );
    }
}

#[actix_web::test]
async fn simultaneous_calls_add_each_attribute_once() {
    let stage = stage().await;
    let admin = Who::admin();

    join_all((0..6).map(|_| stage.send(&admin, "POST", PATH, onboarding()))).await;

    let count = "SELECT count(*) FROM partner_policy_bioextract WHERE part_id = 'acme'";
    assert_eq!(stage.text(count).as_deref(), Some("2"));
}

#[actix_web::test]
async fn empty_texts_are_stored_as_they_are() {
    let stage = stage().await;
    let empty = json!({ "extractors": [{
        "attributeName": "",
        "biometric": "",
        "extractor": { "provider": "", "version": "" },
    }]});

    let added = stage.send(&Who::admin(), "POST", PATH, empty.clone()).await;

    assert_eq!(added.response(), "Extractors added successfully.");
    assert_eq!(stage.get(&Who::admin(), PATH).await.response(), empty);
}

#[actix_web::test]
async fn a_request_that_is_approved_meanwhile_keeps_its_extractors() {
    let stage = stage().await;
    let admin = Who::admin();

    let reply = stage
        .send_during(
            "UPDATE partner_policy_request SET status_code = 'approved' WHERE id = 'm-1'",
            stage.send(&admin, "POST", PATH, onboarding()),
        )
        .await;

    assert_eq!(reply.error().0, "PMS_PRT_062");
    let count = "SELECT count(*) FROM partner_policy_bioextract WHERE part_id = 'acme'";
    assert_eq!(stage.text(count).as_deref(), Some("0"));
}

#[actix_web::test]
async fn more_than_the_limit_is_not_listed() {
    let stage = Stage::with(|builder| builder.setting("limits.unpaged_rows", "1")).await;
    let stage = with_one_request(stage);
    stage.send(&Who::admin(), "POST", PATH, onboarding()).await;

    assert_eq!(stage.get(&Who::admin(), PATH).await.timeless(), neutral());
}
