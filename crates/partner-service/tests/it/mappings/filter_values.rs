use pms_testkit::Who;
use serde_json::{Value, json};

use crate::searching::*;
use crate::support::{Row, Stage, auth_partner};

const PATH: &str = "/partners/apikey/request/filtervalues";

fn given(stage: &Stage) {
    for (id, key) in [("acme", "m-1"), ("bank", "m-2")] {
        stage.partner(&Row {
            id,
            user: id,
            ..Row::default()
        });
        stage.mapping(key, id, "p-1", "waiting");
    }
}

fn of(column: &str, text: &str) -> Value {
    json!({ "filters": [{ "columnName": column, "text": text }] })
}

#[actix_web::test]
async fn values_carry_the_ids_of_requests() {
    let stage = Stage::start().await;
    given(&stage);

    let reply = stage
        .send(&Who::admin(), "POST", PATH, of("statusCode", "WAIT"))
        .await;

    let expected = values(&[
        ("statusCode", "waiting", "m-1"),
        ("statusCode", "waiting", "m-2"),
    ]);
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    stage.assert_audits(&[
        ("PMS_PRT_114", "NO_ID", "NO_ID_TYPE"),
        ("PMS_PRT_214", "NO_ID", "NO_ID_TYPE"),
    ]);
}

#[actix_web::test]
async fn others_values_are_not_listed() {
    let stage = Stage::start().await;
    given(&stage);
    let ask = async |who: &Who| stage.send(who, "POST", PATH, of("id", "")).await;

    let own = values(&[("id", "m-2", "m-2")]);
    assert_eq!(ask(&auth_partner("BANK")).await.timeless(), own);
    assert_eq!(ask(&auth_partner("x")).await.timeless(), values(&[]));
}

#[actix_web::test]
async fn wrong_requests_are_refused() {
    let stage = Stage::start().await;
    given(&stage);

    assert_value_refusals(&stage, PATH, "statusCode").await;
    // The first refusal is audited too, and has no success.
    assert_eq!(stage.audits()[0].0, "PMS_PRT_114");
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let stage = Stage::start().await;

    assert_guarded(&stage, PATH, &of("statusCode", "")).await;
    stage.assert_audits(&[]);
}
