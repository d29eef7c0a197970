use pms_testkit::Who;
use pms_testkit::peers::KeyManagerPeer;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::searching::*;
use crate::support::{Row, Stage, auth_partner, refused, violation};

const PATH: &str = "/partners/search";
const START: (&str, &str, &str) = ("PMS_PRT_109", "NO_ID", "NO_ID_TYPE");
const SUCCESS: (&str, &str, &str) = ("PMS_PRT_209", "NO_ID", "NO_ID_TYPE");

fn of_type(kind: &str, filters: &Value) -> Value {
    with(
        &wanted(filters, &json!([])),
        &json!({ "partnerType": kind }),
    )
}

/// `acme` of `anna`, and `bank` with sealed columns.
fn given(stage: &Stage) {
    let seal = |text: &str| stage.keys.seal(text);
    stage.partner(&Row {
        user: "anna",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "bank",
        user: "bank",
        name: None,
        kind: "Credential_Partner",
        group: None,
        status: "InProgress",
        active: false,
        alias: None,
        email: &seal("info@bank.org"),
        email_hash: Some("hash"),
        phone: &seal("700-9"),
        address: &seal("Straße 9"),
    });
    stage.sql(
        "UPDATE partner SET cr_dtimes = '2026-01-02 03:04:05.678901', upd_by = 'w',
           upd_dtimes = '2026-02-03', lang_code = 'eng' WHERE id = 'bank';
         UPDATE partner SET cr_dtimes = '2026-01-01', is_deleted = NULL WHERE id = 'acme'",
    );
}

fn ours() -> Value {
    json!([{ "columnName": "id", "type": "in", "values": ["acme", "bank"] }])
}

#[actix_web::test]
async fn partners_are_shown_in_clear_and_the_key_manager_is_called_once() {
    let keys = KeyManagerPeer::start();
    let base = keys.base();
    let mut stage = Stage::with(|builder| {
        builder
            .setting("key_manager.url", "")
            .setting("services.certificate_url", &base)
    })
    .await;
    stage.keys = keys;
    given(&stage);

    let reply = stage
        .send(&Who::admin(), "POST", PATH, of_type("all", &ours()))
        .await;

    let expected = page(&json!([
        {
            "id": "acme",
            "address": "1 Main Street",
            "contactNo": "700-1",
            "crBy": "u",
            "crDtimes": "2026-01-01T00:00:00.000+00:00",
            "delDtimes": null,
            "emailId": "info@acme.org",
            "isActive": true,
            "isDeleted": false,
            "name": "Org acme",
            "policyGroupId": "g-1",
            "certificateAlias": "cert-1",
            "partnerTypeCode": "Auth_Partner",
            "approvalStatus": "approved",
            "updBy": null,
            "updDtimes": null,
            "userId": "anna",
            "langCode": null,
        },
        {
            "id": "bank",
            "address": "Straße 9",
            "contactNo": "700-9",
            "crBy": "u",
            "crDtimes": "2026-01-02T03:04:05.678+00:00",
            "delDtimes": null,
            "emailId": "info@bank.org",
            "isActive": false,
            "isDeleted": false,
            "name": "Org bank",
            "policyGroupId": null,
            "certificateAlias": null,
            "partnerTypeCode": "Credential_Partner",
            "approvalStatus": "InProgress",
            "updBy": "w",
            "updDtimes": "2026-02-03T00:00:00.000+00:00",
            "userId": "bank",
            "langCode": "eng",
        },
    ]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert_eq!(
        (
            stage.keys.calls("decryptBatch"),
            stage.keys.recorded().len()
        ),
        (1, 1)
    );
    stage.assert_audits(&[START, SUCCESS]);
    let stored = stage.text("SELECT email_id FROM partner WHERE id = 'bank'");
    assert_ne!(stored.as_deref(), Some("info@bank.org"));
}

#[actix_web::test]
async fn members_come_in_the_contracts_order() {
    let stage = Stage::start().await;
    given(&stage);

    let reply = stage
        .send(&Who::admin(), "POST", PATH, of_type("all", &ours()))
        .await;

    let members = "\"id\":\"acme\" address contactNo crBy crDtimes delDtimes emailId isActive \
        isDeleted name policyGroupId certificateAlias partnerTypeCode approvalStatus updBy \
        updDtimes userId langCode";
    let places: Vec<_> = members
        .split_whitespace()
        .map(|name| reply.text.find(name))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted());
}

#[actix_web::test]
async fn the_type_narrows_and_pages_are_cut() {
    let stage = Stage::start().await;
    given(&stage);
    let ask = async |request: Value| stage.send(&Who::admin(), "POST", PATH, request).await;

    let of_auth = ask(of_type("AUTH_partner", &ours())).await.response();
    let none = ask(of_type("MISP_Partner", &ours())).await;
    let mut second = of_type("All", &ours());
    second["sort"] = json!([{ "sortField": "name", "sortType": "DESC" }]);
    second["pagination"] = json!({ "pageStart": 1, "pageFetch": 1 });
    let last = ask(second.clone()).await.response();
    second["pagination"] = json!({ "pageStart": 2, "pageFetch": 1 });
    let beyond = ask(second).await;

    assert_eq!(column(&of_auth, "id"), ["acme"]);
    assert_eq!(none.timeless(), nothing());
    assert_eq!(
        (&last["fromRecord"], &last["toRecord"], &last["totalRecord"]),
        (&json!(2), &json!(2), &json!(2))
    );
    assert_eq!(column(&last, "id"), ["acme"]);
    assert_eq!(beyond.timeless(), nothing());
}

#[actix_web::test]
async fn encrypted_columns_are_refused_first() {
    let stage = Stage::start().await;
    for name in ["emailId", "CONTACTNO", "address"] {
        let filtered = of_type(
            "all",
            &json!([filter("nonsense", "", ""), filter(name, "", "")]),
        );
        let mut sorted = of_type("all", &json!([filter("nonsense", "", "")]));
        sorted["sort"] = json!([{ "sortField": name }]);
        for request in [filtered, sorted] {
            stage.forget();
            let reply = stage.send(&Who::admin(), "POST", PATH, request).await;
            let text = format!("The column '{name}' is not supported due to system limitations.");
            assert_eq!(reply.timeless(), refused("KER_PRT_391", &text));
            stage.assert_audits(&[START]);
        }
    }
}

#[actix_web::test]
async fn wrong_searches_are_refused_in_order() {
    let stage = Stage::start().await;
    let all = json!({ "partnerType": "all" });

    assert_refusals(&stage, PATH, &all).await;
    assert_nulls_pass(&stage, PATH, &all).await;
    assert_odd_requests(&stage, PATH, &all).await;

    let ask = async |request: Value| stage.send(&Who::admin(), "POST", PATH, request).await;
    let unnamed = ask(of_type("all", &json!([{ "type": "equals", "value": "x" }]))).await;
    let untrue = ask(of_type(
        "all",
        &json!([filter("isActive", "equals", "yes")]),
    ))
    .await;
    assert_eq!(
        unnamed.timeless(),
        refused("PMS-MSD-311", "Column is missing in request")
    );
    assert_eq!(
        untrue.timeless(),
        refused("PMS-MSD-390", "Invalid filter value")
    );
    for field in ["emailIdHash", "logoUrl", "additionalInfo"] {
        let mut request = of_type("all", &json!([]));
        request["sort"] = json!([{ "sortField": field, "sortType": "asc" }]);
        let text = format!("Invalid sort field {field}");
        assert_eq!(ask(request).await.timeless(), refused("PMS-MSD-357", &text));
    }
    for kind in [Value::Null, json!(" ")] {
        let request = with(&of_type("", &json!([])), &json!({ "partnerType": kind }));
        let reply = ask(request).await;
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.timeless(),
            violation("must not be blank", "partnerType")
        );
    }
}

#[actix_web::test]
async fn others_partners_are_not_found() {
    let stage = Stage::start().await;
    given(&stage);
    let found = async |who: &Who, filters: Value| {
        let reply = stage
            .send(who, "POST", PATH, of_type("all", &filters))
            .await;
        column(&reply.response(), "id")
    };
    let none = json!([]);

    assert_eq!(found(&auth_partner("Anna"), none.clone()).await, ["acme"]);
    assert_eq!(found(&auth_partner("BANK"), none.clone()).await, ["bank"]);
    assert!(found(&auth_partner("x"), none).await.is_empty());
    assert_eq!(found(&auth_partner("anna"), ours()).await, ["acme"]);
    let service = Who::user("svc", &["PMS_USER"]);
    assert_eq!(found(&service, ours()).await, ["acme", "bank"]);
}

#[actix_web::test]
async fn ownership_can_be_switched_off() {
    let stage = Stage::with(|builder| builder.setting("security.ownership", "legacy")).await;
    given(&stage);

    let reply = stage
        .send(&auth_partner("x"), "POST", PATH, of_type("all", &ours()))
        .await;

    assert_eq!(column(&reply.response(), "id"), ["acme", "bank"]);
}

#[actix_web::test]
async fn without_the_key_manager_sealed_columns_are_left_out() {
    let stage = Stage::start().await;
    given(&stage);
    stage.keys.fail("decrypt", PeerFailure::Status(503));

    let reply = stage
        .send(&Who::admin(), "POST", PATH, of_type("all", &ours()))
        .await;

    let rows = reply.response();
    assert_eq!(column(&rows, "id"), ["acme", "bank"]);
    assert_eq!(rows["data"][0]["emailId"], "info@acme.org");
    for member in ["address", "contactNo", "emailId"] {
        assert_eq!(rows["data"][1][member], Value::Null, "{member}");
    }
    stage.assert_audits(&[START, SUCCESS]);
}

#[actix_web::test]
async fn a_page_has_a_largest_size() {
    let stage = Stage::with(|builder| builder.setting("limits.page_size", "1")).await;
    given(&stage);

    let response = stage
        .send(&Who::admin(), "POST", PATH, of_type("all", &ours()))
        .await
        .response();

    assert_eq!(column(&response, "id"), ["acme"]);
    assert_eq!(response["totalRecord"], 2);
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let stage = Stage::start().await;

    assert_guarded(&stage, PATH, &of_type("all", &json!([]))).await;
    stage.assert_audits(&[]);
}
