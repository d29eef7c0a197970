use pms_testkit::{TestAppBuilder, Who};
use serde_json::{Value, json};

use crate::searching::*;
use crate::support::{Row, Stage, auth_partner, neutral, refused};

const PATH: &str = "/partners/filtervalues";
const START: (&str, &str, &str) = ("PMS_PRT_113", "NO_ID", "NO_ID_TYPE");
const SUCCESS: (&str, &str, &str) = ("PMS_PRT_213", "NO_ID", "NO_ID_TYPE");

fn given(stage: &Stage) {
    for (id, user) in [("acme", "anna"), ("bank", "bert"), ("acre", "anna")] {
        stage.partner(&Row {
            id,
            user,
            ..Row::default()
        });
    }
}

fn of(column: &str, text: &str) -> Value {
    json!({ "filters": [{ "columnName": column, "type": "unique", "text": text }] })
}

#[actix_web::test]
async fn values_carry_the_ids_of_partners() {
    let stage = Stage::start().await;
    given(&stage);
    let request = json!({
        "filters": [
            { "columnName": "NAME", "type": "all", "text": "org A" },
            { "columnName": "isActive", "type": "unique", "text": "" },
            { "columnName": "userId", "text": "bert" },
        ],
        "optionalFilters": [filter("partnerTypeCode", "equals", "auth_partner")],
    });

    let reply = stage.send(&Who::admin(), "POST", PATH, request).await;

    let expected = values(&[
        ("NAME", "Org acme", "acme"),
        ("NAME", "Org acre", "acre"),
        ("isActive", "true", ""),
        ("isActive", "false", ""),
        ("userId", "bert", "bank"),
    ]);
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    stage.assert_audits(&[START, SUCCESS]);
}

#[actix_web::test]
async fn others_values_are_not_listed() {
    let stage = Stage::start().await;
    given(&stage);
    let ask = async |who: &Who| stage.send(who, "POST", PATH, of("id", "")).await;

    let own = values(&[("id", "acme", "acme"), ("id", "acre", "acre")]);
    assert_eq!(ask(&auth_partner("ANNA")).await.timeless(), own);
    assert_eq!(ask(&auth_partner("x")).await.timeless(), values(&[]));
    // A service that the endpoint's roles name reads for all.
    let service = ask(&Who::user("svc", &["PMS_USER"])).await;
    let all = [("acme", "acme"), ("acre", "acre"), ("bank", "bank")];
    let listed = service.response()["filters"].clone();
    for (id, code) in all {
        let entry = json!({ "fieldID": "id", "fieldValue": id, "fieldCode": code });
        assert!(listed.as_array().unwrap().contains(&entry), "{id}");
    }
}

#[actix_web::test]
async fn the_operation_can_be_opened_by_its_role_property() {
    let opened = |builder: TestAppBuilder| {
        builder.setting(
            "security.ownership_legacy_for[0]",
            "postpartnersfiltervalues",
        )
    };
    let stage = Stage::with(opened).await;
    given(&stage);

    let reply = stage
        .send(&auth_partner("anna"), "POST", PATH, of("id", "bank"))
        .await;

    assert_eq!(reply.timeless(), values(&[("id", "bank", "bank")]));
}

#[actix_web::test]
async fn values_of_private_columns_are_not_listed() {
    let stage = Stage::start().await;
    given(&stage);
    let text = |name: &str| {
        let text = format!("The column '{name}' is not supported due to system limitations.");
        refused("KER_PRT_391", &text)
    };
    let ask = async |who: &Who, request: Value| stage.send(who, "POST", PATH, request).await;
    let (admin, partner) = (Who::admin(), auth_partner("anna"));

    for name in ["emailId", "contactno", "address"] {
        assert_eq!(ask(&admin, of(name, "")).await.timeless(), text(name));
        let mut optional = of("nonsense", "");
        optional["optionalFilters"] = json!([filter(name, "equals", "x")]);
        assert_eq!(ask(&admin, optional).await.timeless(), text(name));
    }
    for name in ["emailIdHash", "additionalInfo", "certificateAlias"] {
        assert_eq!(ask(&partner, of(name, "")).await.timeless(), text(name));
    }
    stage.forget();
    let alias = ask(&admin, of("certificateAlias", "cert-1")).await;
    assert_eq!(alias.response()["filters"][0]["fieldCode"], "acme");
    let refusal = ask(&partner, of("certificateAlias", "")).await;
    assert_eq!(refusal.error().0, "KER_PRT_391");
    stage.assert_audits(&[START, SUCCESS, START]);
}

#[actix_web::test]
async fn wrong_requests_are_refused() {
    let stage = Stage::start().await;
    given(&stage);

    assert_value_refusals(&stage, PATH, "name").await;

    let mut unknown = of("name", "");
    unknown["optionalFilters"] = json!([filter("nonsense", "equals", "x")]);
    let reply = stage.send(&Who::admin(), "POST", PATH, unknown).await;
    assert_eq!(reply.timeless(), neutral());
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let stage = Stage::start().await;

    assert_guarded(&stage, PATH, &of("name", "")).await;
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn a_column_has_a_most_values() {
    let stage = Stage::with(|builder| builder.setting("limits.filter_values", "1")).await;
    given(&stage);

    let reply = stage
        .send(&auth_partner("anna"), "POST", PATH, of("id", ""))
        .await;

    assert_eq!(reply.timeless(), values(&[("id", "acme", "acme")]));
}
