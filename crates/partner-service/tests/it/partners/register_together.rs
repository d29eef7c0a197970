use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::json;

use crate::support::{Stage, refused};

async fn register(stage: &Stage, id: &str, email: &str) -> serde_json::Value {
    let request = json!({
        "partnerId": id,
        "organizationName": "IITB",
        "address": "x",
        "contactNumber": "1",
        "emailId": email,
        "partnerType": "Device_Provider",
    });
    stage
        .send(&Who::admin(), "POST", "/partners", request)
        .await
        .timeless()
}

#[actix_web::test]
async fn of_simultaneous_registrations_of_one_address_one_wins() {
    let stage = Stage::start().await;
    let ids: Vec<String> = (0..8).map(|number| format!("p-{number}")).collect();

    let replies = join_all(ids.iter().map(|id| register(&stage, id, "one@acme.org"))).await;

    let winners = replies
        .iter()
        .filter(|reply| reply["errors"] == json!([]))
        .count();
    assert_eq!(winners, 1, "{replies:#?}");
    for reply in replies.iter().filter(|reply| reply["errors"] != json!([])) {
        assert_eq!(*reply, refused("PMS_PRT_011", "Email is already exists."));
    }
    let count = stage
        .text("SELECT count(*) FROM partner WHERE id LIKE 'p-%'")
        .unwrap();
    assert_eq!(count, "1");
}

#[actix_web::test]
async fn of_simultaneous_registrations_of_one_id_one_wins() {
    let stage = Stage::start().await;
    let emails: Vec<String> = (0..8).map(|number| format!("p{number}@acme.org")).collect();

    let replies = join_all(emails.iter().map(|email| register(&stage, "same", email))).await;

    let winners = replies
        .iter()
        .filter(|reply| reply["errors"] == json!([]))
        .count();
    assert_eq!(winners, 1, "{replies:#?}");
    for reply in replies.iter().filter(|reply| reply["errors"] != json!([])) {
        let expected = refused(
            "PMS_PRT_051",
            "A Partner is already registered with the same Id",
        );
        assert_eq!(*reply, expected);
    }
    let count = stage
        .text("SELECT count(*) FROM partner_h WHERE id = 'same'")
        .unwrap();
    assert_eq!(count, "1");
    assert_eq!(stage.app.mails().len(), 1);
}
