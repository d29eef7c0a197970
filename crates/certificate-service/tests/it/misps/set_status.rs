//! PUT /v1/partnermanager/misps

use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use super::support::{FOREIGN, Misps, admin, owner, plain, refused};

const FAR: (&str, &str) = ("", "2030-01-01");

fn request(misp: &str, key: &str, status: &str) -> Value {
    json!({ "providerId": misp, "licenseKey": key, "licenseKeyStatus": status })
}

async fn set(misps: &Misps, who: &Who, request: Value) -> Value {
    let reply = misps.put(who, request).await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

#[actix_web::test]
async fn a_licence_is_switched_off_and_on_again_with_its_policy() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.policy("p", "{}");
    misps.licence("m", "k", ("p", "2030-01-01T10:00:00.5"), true);
    let licence = |status: &str| {
        plain(&json!({
            "providerId": "m", "licenseKey": "k", "licenseKeyStatus": status,
            "licenseKeyExpiry": "2030-01-01T10:00:00.5",
        }))
    };

    let off = set(&misps, &admin(), request("m", "k", "DE-ACTIVE")).await;
    assert_eq!(off, licence("de-active"));
    assert_eq!(misps.licences("m"), ["k|f|p|u|admin"]);
    let again = set(&misps, &admin(), request("m", "k", "De-active")).await;
    assert_eq!(again, licence("de-active"));
    let on = set(&misps, &admin(), request("m", "k", "Active")).await;
    assert_eq!(on, licence("active"));
    assert_eq!(misps.licences("m"), ["k|t|p|u|admin"]);

    let updated = |status: &str| format!("MISP_LICENSE_UPDATED|k|{status}|p");
    assert_eq!(
        misps.events(),
        [
            updated("NOT_ACTIVE"),
            updated("NOT_ACTIVE"),
            updated("ACTIVE")
        ]
    );
    let (_, event) = misps.stage.queued("event").pop().unwrap();
    assert_eq!(event["publisher"], "InfraProviderServiceImpl");
    let stamped = "SELECT upd_dtimes FROM pms.misp_license";
    assert_eq!(misps.stage.text(stamped), "2026-11-24 10:00:00");
    assert!(misps.stage.audits().is_empty());
}

#[actix_web::test]
async fn each_refusal_comes_in_its_turn() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "k", FAR, true);
    let status = refused("PMS_MSP_407", "mispStatus either Active or De-active.");
    let message = "MISP Partner and License key combintaion not exists.";
    let unknown = refused("PMS_MSP_408", message);

    for request in [
        json!({}),
        json!({ "providerId": "m", "licenseKeyStatus": null }),
    ] {
        assert_eq!(set(&misps, &admin(), request).await, status);
    }
    for wrong in ["", "inactive", " active"] {
        assert_eq!(
            set(&misps, &admin(), request("x", "y", wrong)).await,
            status
        );
    }
    for (misp, key) in [("x", "k"), ("m", "K"), ("m", "k\0"), ("", "")] {
        assert_eq!(
            set(&misps, &admin(), request(misp, key, "active")).await,
            unknown
        );
    }
    let nothing = json!({ "licenseKeyStatus": "active" });
    assert_eq!(set(&misps, &admin(), nothing).await, unknown);
    assert_eq!(
        set(&misps, &owner("n"), request("m", "x", "active")).await,
        unknown
    );
    let foreign = set(&misps, &owner("n"), request("m", "k", "de-active")).await;
    assert_eq!(foreign, refused(FOREIGN.0, FOREIGN.1));
    misps
        .stage
        .sql("UPDATE pms.misp_license SET is_deleted = true");
    assert_eq!(
        set(&misps, &admin(), request("m", "k", "active")).await,
        unknown
    );

    assert_eq!(misps.licences("m"), ["k|t|-|u|-"]);
    assert!(misps.events().is_empty());
    let reply = misps.put(&Who::Nobody, request("m", "k", "active")).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    let stranger = Who::user("m-user", &["AUTH_PARTNER"]);
    let reply = misps.put(&stranger, request("m", "k", "active")).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (403, "KER-ATH-403")
    );
}

#[actix_web::test]
async fn a_misp_switches_its_own_licence() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "k", FAR, true);
    // Without a partner, the user with its name owns it.
    misps.licence("gone", "g", FAR, true);

    let own = set(&misps, &owner("m"), request("m", "k", "de-active")).await;
    assert_eq!(own["response"]["licenseKeyStatus"], "de-active");
    assert_eq!(misps.licences("m"), ["k|f|-|u|m-User"]);
    let gone = Who::user("Gone", &["MISP"]);
    let gone = set(&misps, &gone, request("gone", "g", "de-active")).await;
    assert_eq!(gone["response"]["licenseKeyStatus"], "de-active");
}

#[actix_web::test]
async fn no_licence_of_a_deactivated_misp_is_started() {
    let misps = Misps::start().await;
    misps.partner("m", "MISP_Partner", false);
    misps.licence("m", "k", FAR, false);

    for who in [owner("m"), admin()] {
        let on = set(&misps, &who, request("m", "k", "active")).await;
        assert_eq!(on, refused("PMS_MSP_405", "MISP partner is not active."));
    }
    assert_eq!(misps.licences("m"), ["k|f|-|u|-"]);
    assert!(misps.events().is_empty());

    let off = set(&misps, &owner("m"), request("m", "k", "de-active")).await;
    assert_eq!(off["response"]["licenseKeyStatus"], "de-active");
}

#[actix_web::test]
async fn a_licence_that_ended_with_its_misp_is_ended_again_without_effect() {
    let misps = Misps::start().await;
    misps.partner("m", "MISP_Partner", false);
    misps.licence("m", "k", FAR, false);
    let stamp = "SET upd_by = 'boss', upd_dtimes = '2026-11-20'";
    misps.stage.sql(&format!(
        "UPDATE pms.partner {stamp} WHERE id = 'm'; UPDATE pms.misp_license {stamp}"
    ));

    let off = set(&misps, &admin(), request("m", "k", "de-active")).await;

    let licence = plain(&json!({
        "providerId": "m", "licenseKey": "k", "licenseKeyStatus": "de-active",
        "licenseKeyExpiry": "2030-01-01T00:00:00",
    }));
    assert_eq!(off, licence);
    assert_eq!(misps.licences("m"), ["k|f|-|u|boss"]);
    assert!(misps.events().is_empty());
}

#[actix_web::test]
async fn a_licence_that_ended_before_its_misp_is_ended_as_any_other() {
    let misps = Misps::start().await;
    misps.partner("m", "MISP_Partner", false);
    misps.licence("m", "k", FAR, false);

    let off = set(&misps, &admin(), request("m", "k", "de-active")).await;

    assert_eq!(off["response"]["licenseKeyStatus"], "de-active");
    assert_eq!(misps.licences("m"), ["k|f|-|u|admin"]);
    assert_eq!(misps.events(), ["MISP_LICENSE_UPDATED|k|NOT_ACTIVE|-"]);
}

#[actix_web::test]
async fn an_expired_licence_does_not_take_the_place_of_one_that_works() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "old", ("", "2026-01-01"), false);
    misps.licence("m", "live", FAR, true);

    let refusal = set(&misps, &admin(), request("m", "old", "active")).await;

    let message = "MISP Partner and License key combintaion not exists.";
    assert_eq!(refusal, refused("PMS_MSP_408", message));
    assert_eq!(misps.licences("m"), ["old|f|-|u|-", "live|t|-|u|-"]);
    assert!(misps.events().is_empty());
}

#[actix_web::test]
async fn an_expired_licence_is_started_where_none_works() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "old", ("", "2026-01-01"), false);
    misps.licence("m", "older", ("", "2025-01-01"), true);

    let on = set(&misps, &admin(), request("m", "old", "active")).await;

    assert_eq!(on["response"]["licenseKeyStatus"], "active");
    let expected = ["old|t|-|u|admin", "older|f|-|u|admin"];
    assert_eq!(misps.licences("m"), expected);
}

#[actix_web::test]
async fn an_old_licence_takes_the_place_of_the_live_ones() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.policy("p", "{}");
    misps.licence("m", "old", ("p", "2030-01-01"), false);
    misps.licence("m", "one", FAR, true);
    misps.licence("m", "two", ("p", "2030-01-01"), true);
    misps.licence("other", "x", FAR, true);

    set(&misps, &admin(), request("m", "old", "active")).await;

    let expected = ["old|t|p|u|admin", "one|f|-|u|admin", "two|f|p|u|admin"];
    assert_eq!(misps.licences("m"), expected);
    assert_eq!(misps.licences("other"), ["x|t|-|u|-"]);
    let expected = [
        "MISP_LICENSE_UPDATED|one|NOT_ACTIVE|-",
        "MISP_LICENSE_UPDATED|two|NOT_ACTIVE|p",
        "MISP_LICENSE_UPDATED|old|ACTIVE|p",
    ];
    assert_eq!(misps.events(), expected);
}

#[actix_web::test]
async fn the_last_word_is_about_the_live_licence() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.licence("m", "old", FAR, false);
    misps.licence("m", "live", FAR, true);

    set(&misps, &admin(), request("m", "old", "de-active")).await;

    assert_eq!(misps.licences("m"), ["old|f|-|u|admin", "live|t|-|u|-"]);
    let expected = [
        "MISP_LICENSE_UPDATED|old|NOT_ACTIVE|-",
        "MISP_LICENSE_UPDATED|live|ACTIVE|-",
    ];
    assert_eq!(misps.events(), expected);
}

#[actix_web::test]
async fn an_unreadable_policy_stops_the_start_of_a_licence_but_not_its_end() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.policy("bad", "no document");
    misps.licence("m", "k", ("bad", "2030-01-01"), true);
    misps.licence("n", "k", ("lost", "2030-01-01"), false);

    let off = set(&misps, &admin(), request("m", "k", "de-active")).await;
    assert_eq!(off["response"]["licenseKeyStatus"], "de-active");
    let on = set(&misps, &admin(), request("m", "k", "active")).await;
    let text = "Error occured while parsing policy string to json object";
    assert_eq!(on, refused("PMS_PRT_071", text));
    assert_eq!(misps.licences("m"), ["k|f|bad|u|admin"]);
    // A policy that is gone can't be told, nor lost.
    set(&misps, &admin(), request("n", "k", "active")).await;

    let expected = [
        "MISP_LICENSE_UPDATED|k|NOT_ACTIVE|-",
        "MISP_LICENSE_UPDATED|k|ACTIVE|-",
    ];
    assert_eq!(misps.events(), expected);
}

#[actix_web::test]
async fn of_old_licences_started_at_once_one_is_live_in_the_end() {
    let misps = Misps::start().await;
    misps.misp("m");
    let keys: Vec<String> = (0..6).map(|number| format!("k{number}")).collect();
    for key in &keys {
        misps.licence("m", key, FAR, false);
    }

    let admin = admin();
    let starts = keys
        .iter()
        .map(|key| set(&misps, &admin, request("m", key, "active")));
    let bodies = join_all(starts).await;

    assert!(bodies.iter().all(|body| body["errors"] == json!([])));
    let live: Vec<_> = misps.licences("m");
    let live: Vec<_> = live.iter().filter(|row| row.contains("|t|")).collect();
    assert_eq!(live.len(), 1);
    let last = misps.events().pop().unwrap();
    let key = live[0].split('|').next().unwrap();
    assert_eq!(last, format!("MISP_LICENSE_UPDATED|{key}|ACTIVE|-"));
}
