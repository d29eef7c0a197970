//! GET /v1/partnermanager/misps

use pms_testkit::Who;
use serde_json::{Value, json};

use super::world::{World, admin, neutral, owner, plain};

const FAR: (&str, &str) = ("", "2030-01-01");

async fn list(world: &World, who: &Who) -> Value {
    let reply = world.get(who, "").await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

#[actix_web::test]
async fn every_licence_is_listed_with_all_its_members() {
    let world = World::start().await;
    assert_eq!(list(&world, &admin()).await, plain(&json!([])));
    world.licence("m", "one", ("p", "2030-01-01T10:00:00.25"), true);
    world.licence("m", "two", FAR, false);
    world.stage.sql(
        "UPDATE pms.misp_license SET valid_to_date = NULL, upd_by = 'v', \
           upd_dtimes = '2026-11-20 10:00:00.000001', is_deleted = NULL, \
           del_dtimes = '2026-11-21' WHERE license_key = 'two'",
    );

    let body = list(&world, &admin()).await;

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
    let text = world.get(&admin(), "").await.text;
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
    let world = World::start().await;
    for misp in ["m", "n"] {
        world.misp(misp);
        world.licence(misp, "k", FAR, true);
    }
    let seen = async |who: &Who| {
        let body = list(&world, who).await;
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
    world.of_nobody("n");
    assert_eq!(seen(&named_like_it).await, ["n"]);
    assert!(seen(&Who::user("other", &["MISP"])).await.is_empty());
    assert_eq!(
        seen(&Who::user("boss", &["PARTNERMANAGER"])).await,
        ["m", "n"]
    );
    assert_eq!(world.get(&Who::Nobody, "").await.status, 401);
    let stranger = Who::user("m-user", &["AUTH_PARTNER"]);
    assert_eq!(world.get(&stranger, "").await.status, 403);
}

#[actix_web::test]
async fn ownership_can_be_switched_off() {
    let world = World::with(&[("security.ownership", "legacy")]).await;
    world.misp("m");
    world.licence("m", "k", FAR, true);

    let other = Who::user("other", &["MISP"]);
    assert_eq!(list(&world, &other).await["response"][0]["licenseKey"], "k");
}

#[actix_web::test]
async fn a_list_that_is_too_long_is_refused() {
    let world = World::with(&[("limits.unpaged_rows", "2")]).await;
    world.licence("m", "one", FAR, true);
    world.licence("m", "two", FAR, true);
    assert_eq!(list(&world, &admin()).await["errors"], json!([]));

    world.licence("m", "three", FAR, true);

    assert_eq!(list(&world, &admin()).await, neutral());
}
