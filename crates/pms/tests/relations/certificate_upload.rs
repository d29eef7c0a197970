//! Uploads of certificates while the key manager is away, slow or wrong, and
//! when a process dies in the middle.

use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::api::mail;
use crate::gate::State;
use crate::key_manager::{ONCE, Stage};
use crate::system::eventually;
use crate::wire::Trouble;

const UNREACHABLE: (&str, &str) = (
    "PMS_KKS_001",
    "Error while accessing the API.Please check the logs.",
);
/// What cryptography that fails looks like from outside.
const NEUTRAL: (&str, &str) = ("PMS_PRT_500", "Unable to process the request.");
const UPLOADS: [&str; 2] = ["uploadPartnerCertificate", "uploadOtherDomainCertificate"];

fn assert_error(reply: &Reply, (code, message): (&str, &str)) {
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.error(), (code.to_owned(), message.to_owned()));
}

/// What a failed upload leaves: nothing.
fn assert_untouched(stage: &Stage) {
    assert_eq!(stage.state("bank-one"), "InProgress|f|f");
    assert_eq!(stage.topics(), Vec::<String>::new());
}

/// The upload works now, and is published once.
async fn assert_repeatable(stage: &Stage) {
    let api = stage.system.api();
    let again = api.certify("bank-one", &stage.authority).await;
    again.unwrap().response();
    assert_eq!(stage.state("bank-one"), "approved|t|t");
    assert_eq!(stage.topics(), ONCE);
}

#[actix_web::test]
async fn while_the_key_manager_is_down_nothing_is_half_written() {
    let stage = Stage::new();
    stage.gate.turn(State::Shut);
    let (_keys, _process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();

    assert_error(&api.register("bank-one").await.unwrap(), NEUTRAL);
    assert_error(&api.trust(&stage.authority).await.unwrap(), UNREACHABLE);
    let none = "SELECT count(*) FROM pms.partner WHERE id = 'bank-one'";
    assert_eq!(stage.system.value(none), "0");

    stage.gate.turn(State::Open);
    api.trust(&stage.authority).await.unwrap().response();
    api.register("bank-one").await.unwrap().response();
    stage.gate.turn(State::Shut);
    let refused = api.certify("bank-one", &stage.authority).await.unwrap();
    assert_error(&refused, UNREACHABLE);
    assert_untouched(&stage);
    // Lists go on without the personal data; a single partner is refused.
    let path = "/v1/partnermanager/partners";
    let listed = api.get(&Who::admin(), path).await.response();
    let partners = listed["partners"].as_array().unwrap();
    let own = partners
        .iter()
        .find(|row| row["partnerID"] == "bank-one")
        .unwrap();
    assert_eq!(own["emailId"], json!(null), "{own}");
    assert_eq!(own["organizationName"], "bank-one Ltd");
    let single = api.get(&Who::admin(), &format!("{path}/bank-one")).await;
    assert_error(&single, NEUTRAL);

    stage.gate.turn(State::Open);
    assert_repeatable(&stage).await;
    let single = api.get(&Who::admin(), &format!("{path}/bank-one")).await;
    assert_eq!(single.response()["emailId"], mail("bank-one"));
}

#[actix_web::test]
async fn a_slow_key_manager_is_waited_for_no_longer_than_configured() {
    let mut stage = Stage::new();
    stage.system.set("key_manager.timeout_ms", "1500");
    let (_keys, _process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();
    api.trust(&stage.authority).await.unwrap().response();
    api.register("bank-one").await.unwrap().response();

    for operation in UPLOADS {
        stage.wire.trouble(operation, Trouble::HoldAnswer);
        let refused = api.certify("bank-one", &stage.authority).await.unwrap();
        assert_error(&refused, UNREACHABLE);
        assert_untouched(&stage);
        stage.wire.recover();
    }

    assert_repeatable(&stage).await;
}

#[actix_web::test]
async fn wrong_answers_of_the_key_manager_are_refused_with_their_codes() {
    let stage = Stage::new();
    let (_keys, _process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();
    api.trust(&stage.authority).await.unwrap().response();
    api.register("bank-one").await.unwrap().response();
    let body = |response: serde_json::Value, errors: serde_json::Value| {
        Trouble::Body(json!({ "response": response, "errors": errors }).to_string())
    };
    let own = json!([{ "errorCode": "KER-PCM-007", "message": "Not today." }]);
    let answers = [
        (Trouble::Status(500), UNREACHABLE),
        (Trouble::Status(403), UNREACHABLE),
        (Trouble::Body("<html>".to_owned()), UNREACHABLE),
        (
            body(json!(null), json!(null)),
            ("PMS_PRT_107", "Responese from the api is null"),
        ),
        (
            Trouble::Body(String::new()),
            ("PMS_PRT_107", "Responese from the api is null"),
        ),
        (body(json!(null), json!([])), NEUTRAL),
        (body(json!(null), own), ("KER-PCM-007", "Not today.")),
        (body(json!({ "signed": 1 }), json!(null)), UNREACHABLE),
    ];

    for operation in UPLOADS {
        for (answer, expected) in &answers {
            stage.wire.trouble(operation, answer.clone());
            let refused = api.certify("bank-one", &stage.authority).await.unwrap();
            assert_error(&refused, *expected);
            assert_untouched(&stage);
            stage.wire.recover();
        }
    }
    for (answer, _) in &answers {
        stage.wire.trouble("encrypt", answer.clone());
        assert_error(&api.register("bank-two").await.unwrap(), NEUTRAL);
        stage.wire.recover();
    }
    let none = "SELECT count(*) FROM pms.partner WHERE id = 'bank-two'";
    assert_eq!(stage.system.value(none), "0");

    assert_repeatable(&stage).await;
    api.register("bank-two").await.unwrap().response();
}

#[actix_web::test]
async fn killed_in_the_middle_of_an_upload_we_take_it_again() {
    let mut stage = Stage::new();
    // The next upload waits while the call of the dead process may be at work.
    stage.system.set("key_manager.timeout_ms", "3000");
    let (_keys, mut process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();
    api.trust(&stage.authority).await.unwrap().response();
    api.register("bank-one").await.unwrap().response();

    for operation in UPLOADS {
        stage.wire.trouble(operation, Trouble::HoldAnswer);
        let requested = stage.wire.times(operation);
        let upload = api.certify("bank-one", &stage.authority);
        let kill = async {
            eventually("the key manager was asked", async || {
                stage.wire.times(operation) > requested
            })
            .await;
            process.kill();
        };
        let (broken, ()) = tokio::join!(upload, kill);
        assert!(broken.is_err(), "no answer after a kill");
        stage.wire.recover();
        process = stage.system.start().await;
        assert_untouched(&stage);
    }

    assert_repeatable(&stage).await;
}

#[actix_web::test]
async fn a_user_repeats_an_upload_after_the_key_manager_died_in_the_middle() {
    let stage = Stage::new();
    let (keys, _process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();
    api.trust(&stage.authority).await.unwrap().response();
    api.register("bank-one").await.unwrap().response();

    stage.wire.trouble(UPLOADS[1], Trouble::HoldRequest);
    let upload = api.certify("bank-one", &stage.authority);
    let kill = async {
        eventually("the key manager was asked", async || {
            stage.wire.times(UPLOADS[1]) == 1
        })
        .await;
        keys.kill();
        stage.wire.recover();
    };
    let (broken, ()) = tokio::join!(upload, kill);
    assert_error(&broken.unwrap(), UNREACHABLE);
    assert_untouched(&stage);

    let _keys = stage.start_keys();
    assert_repeatable(&stage).await;
}
