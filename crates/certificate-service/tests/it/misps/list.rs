//! GET /v1/partnermanager/misps

use pms_testkit::Who;
use serde_json::{Value, json};

use super::support::{Misps, admin, neutral, owner, plain};

const FAR: (&str, &str) = ("", "2030-01-01");

async fn list(misps: &Misps, who: &Who) -> Value {
    let reply = misps.get(who, "").await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

#[actix_web::test]
async fn every_licence_is_listed_with_all_its_members() {
    let misps = Misps::start().await;
    assert_eq!(list(&misps, &admin()).await, plain(&json!([])));
    misps.licence("m", "one", ("p", "2030-01-01T10:00:00.25"), true);
    misps.licence("m", "two", FAR, false);
    misps.stage.sql(
        "UPDATE pms.misp_license SET valid_to_date = NULL, upd_by = 'v', \
           upd_dtimes = '2026-11-20 10:00:00.000001', is_deleted = NULL, \
           del_dtimes = '2026-11-21' WHERE license_key = 'two'",
    );

    let body = list(&misps, &admin()).await;

    let expected = json!([
        {
            "mispId": "m", "policyId": "p", "licenseKey": "one",
            "validFromDate": "2026-11-01T00:00:00", "validToDate": "2030-01-01T10:00:00.25",
            "isActive": true, "createdBy": "u", "createdDateTime": "2026-11-01T00:00:00",
            "updatedBy": null, "updatedDateTime": null,
            "isDeleted": false, "deletedDateTime": null,
        },
        {
            "mispId": "m", "policyId": null, "licenseKey": "two",
            "validFromDate": "2026-11-02T00:00:00", "validToDate": null,
            "isActive": false, "createdBy": "u", "createdDateTime": "2026-11-02T00:00:00",
            "updatedBy": "v", "updatedDateTime": "2026-11-20T10:00:00.000001",
            "isDeleted": false, "deletedDateTime": "2026-11-21T00:00:00",
        },
    ]);
    assert_eq!(body, plain(&expected));
    let text = misps.get(&admin(), "").await.text;
    let places = [
        "mispId",
        "policyId",
        "licenseKey",
        "validFromDate",
        "deletedDateTime",
    ];
    let places = places.map(|name| text.find(name).unwrap());
    assert!(places.is_sorted(), "{text}");
}

#[actix_web::test]
async fn a_misp_sees_its_own_licences_alone() {
    let misps = Misps::start().await;
    for misp in ["m", "n"] {
        misps.misp(misp);
        misps.licence(misp, "k", FAR, true);
    }
    let seen = async |who: &Who| {
        let body = list(&misps, who).await;
        let rows = body["response"].as_array().unwrap().clone();
        let ids = rows
            .iter()
            .map(|row| row["mispId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };

    assert_eq!(seen(&owner("m")).await, ["m"]);
    // A partner that names no user belongs to the user of its id.
    let named_like_it = Who::user("N", &["MISP"]);
    assert!(seen(&named_like_it).await.is_empty());
    misps.of_nobody("n");
    assert_eq!(seen(&named_like_it).await, ["n"]);
    assert!(seen(&Who::user("other", &["MISP"])).await.is_empty());
    assert_eq!(
        seen(&Who::user("boss", &["PARTNERMANAGER"])).await,
        ["m", "n"]
    );
    assert_eq!(misps.get(&Who::Nobody, "").await.status, 401);
    let stranger = Who::user("m-user", &["AUTH_PARTNER"]);
    assert_eq!(misps.get(&stranger, "").await.status, 403);
}

#[actix_web::test]
async fn ownership_can_be_switched_off() {
    let misps = Misps::with(&[("security.ownership", "legacy")]).await;
    misps.misp("m");
    misps.licence("m", "k", FAR, true);

    let other = Who::user("other", &["MISP"]);
    assert_eq!(list(&misps, &other).await["response"][0]["licenseKey"], "k");
}

#[actix_web::test]
async fn a_list_that_is_too_long_is_refused() {
    let misps = Misps::with(&[("limits.unpaged_rows", "2")]).await;
    misps.licence("m", "one", FAR, true);
    misps.licence("m", "two", FAR, true);
    assert_eq!(list(&misps, &admin()).await["errors"], json!([]));

    misps.licence("m", "three", FAR, true);

    assert_eq!(list(&misps, &admin()).await, neutral());
}
