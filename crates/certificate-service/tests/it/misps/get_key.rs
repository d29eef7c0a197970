//! GET /v1/partnermanager/misps/{mispId}/licenseKey

use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use super::support::{FOREIGN, Misps, NOW, admin, nameless, plain, refused};

const FAR: (&str, &str) = ("", "2030-01-01");

async fn key(misps: &Misps, who: &Who, misp: &str) -> Value {
    let reply = misps.get(who, &format!("/{misp}/licenseKey")).await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

#[actix_web::test]
async fn a_usable_licence_is_shown_and_nothing_happens() {
    let misps = Misps::start().await;
    misps.misp("m");
    // A mapping request, approved or not, is no obstacle.
    misps.mapping("m", "p", "InProgress", 10);
    misps.licence("m", "off", FAR, false);
    misps.licence("m", "one", FAR, true);
    misps.licence("m", "two", ("p", "2026-11-24T10:00:00.000001"), true);
    misps.licence("m", "ended", ("p", NOW), true);
    let before = misps.licences("m");

    let body = key(&misps, &admin(), "m").await;

    let licence = json!({
        "providerId": "m", "licenseKey": "two", "licenseKeyStatus": "Active",
        "licenseKeyExpiry": "2026-11-24T10:00:00.000001",
    });
    assert_eq!(body, plain(&licence));
    assert_eq!((misps.licences("m"), misps.events()), (before, vec![]));
}

#[actix_web::test]
async fn a_licence_that_has_ended_is_renewed_with_the_policy() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.policy("p", "{}");
    misps.mapping("m", "p", "approved", 10);
    misps.licence("m", "off", FAR, false);
    misps.licence("m", "ended", ("x", "2026-11-24"), true);

    let body = key(&misps, &admin(), "m").await;

    let licence = &body["response"];
    assert_eq!(licence["licenseKeyStatus"], "Active");
    assert_eq!(licence["licenseKeyExpiry"], "4764-10-20T10:00:00");
    assert_eq!(licence["licenseKey"].as_str().unwrap().len(), 50);
    let expected = ["off|f|-|u|-", "ended|f|x|u|admin", "new|t|p|admin|-"];
    assert_eq!(misps.licences("m"), expected);
    assert_eq!(misps.events(), ["MISP_LICENSE_UPDATED|new|ACTIVE|p"]);
    assert_eq!(
        key(&misps, &admin(), "m").await,
        body,
        "and shown from now on"
    );
    assert_eq!(misps.events().len(), 1);
}

#[actix_web::test]
async fn a_licence_that_was_switched_off_is_renewed() {
    let misps = Misps::start().await;
    misps.misp("m");
    let issued = misps
        .post(&admin(), "", json!({ "providerId": "m" }))
        .await
        .response();
    let off = json!({
        "providerId": "m", "licenseKey": issued["licenseKey"], "licenseKeyStatus": "de-active",
    });
    misps.put(&admin(), off).await.response();

    let body = key(&misps, &admin(), "m").await;

    assert_eq!(body["response"]["licenseKeyStatus"], "Active");
    assert_ne!(body["response"]["licenseKey"], issued["licenseKey"]);
    let expected = [
        "MISP_LICENSE_GENERATED|new|ACTIVE|-",
        "MISP_LICENSE_UPDATED|new|NOT_ACTIVE|-",
        "MISP_LICENSE_UPDATED|new|ACTIVE|-",
    ];
    assert_eq!(misps.events(), expected);
}

#[actix_web::test]
async fn each_refusal_comes_in_its_turn() {
    let misps = Misps::start().await;
    let is_refused = async |code, message| {
        assert_eq!(key(&misps, &admin(), "m").await, refused(code, message));
    };
    is_refused("PMS_MSP_005", "MISP Partner does not exist").await;
    misps.partner("m", "Auth_Partner", false);
    is_refused("PMS_MSP_405", "MISP partner is not active.").await;
    misps.stage.sql("UPDATE pms.partner SET is_active = true");
    let message = "MISP Partner and License key combintaion not exists.";
    is_refused("PMS_MSP_408", message).await;
    misps.licence("m", "k", FAR, false);
    misps.mapping("m", "p", "rejected", 10);
    is_refused("PMS_MSP_418", "Policy not approved.").await;
    misps.mapping("m", "p", "APPROVED", 11);
    is_refused("PMS_MSP_419", "Policy not exists.").await;
    misps.policy("p", "[]");
    let text = "Error occured while parsing policy string to json object";
    is_refused("PMS_PRT_071", text).await;
    assert_eq!(misps.licences("m"), ["k|f|-|u|-"]);
    assert!(misps.events().is_empty());

    // The partner's type does not matter here.
    misps
        .stage
        .sql("UPDATE pms.auth_policy SET policy_file_id = '{}'");
    let body = key(&misps, &admin(), "m").await;
    assert_eq!(body["response"]["licenseKeyStatus"], "Active");
}

#[actix_web::test]
async fn callers_at_once_get_one_new_licence() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "ended", ("", "2020-01-01"), true);

    let admin = admin();
    let bodies = join_all((0..8).map(|_| key(&misps, &admin, "m"))).await;

    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(bodies[0]["errors"], json!([]));
    assert_eq!(
        misps.licences("m"),
        ["ended|f|-|u|admin", "new|t|-|admin|-"]
    );
    assert_eq!(misps.events(), ["MISP_LICENSE_UPDATED|new|ACTIVE|-"]);
}

#[actix_web::test]
async fn roles_and_ownership_decide() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "k", FAR, true);
    let path = "/m/licenseKey";

    assert_eq!(misps.get(&Who::Nobody, path).await.status, 401);
    let misp = Who::user("m-user", &["MISP_PARTNER"]);
    let reply = misps.get(&misp, path).await;
    let expected = nameless("KER-ATH-403", "Forbidden");
    assert_eq!((reply.status, reply.timeless()), (403, expected));
    let manager = Who::user("boss", &["PARTNERMANAGER"]);
    assert_eq!(
        key(&misps, &manager, "m").await["response"]["licenseKey"],
        "k"
    );
}

#[actix_web::test]
async fn an_operator_may_let_misps_read_their_own() {
    let misps = Misps::with(&[("roles.getmisplicensekey", "MISP_PARTNER")]).await;
    misps.misp("m");
    misps.licence("m", "k", FAR, true);

    let own = Who::user("m-user", &["MISP_PARTNER"]);
    assert_eq!(key(&misps, &own, "m").await["response"]["licenseKey"], "k");
    let other = Who::user("n", &["MISP_PARTNER"]);
    assert_eq!(
        key(&misps, &other, "m").await,
        refused(FOREIGN.0, FOREIGN.1)
    );
}
