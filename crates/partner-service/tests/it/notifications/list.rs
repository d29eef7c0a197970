use pms_testkit::Who;
use serde_json::json;

use super::given::{OPERATION, details, ids, list, stage};
use crate::administration::{answered, nothing};
use crate::support::auth_partner;

#[actix_web::test]
async fn partners_see_the_notifications_to_their_active_partners() {
    let stage = stage().await;

    let reply = list(&stage, &auth_partner("anna"), "").await;

    let page = json!({
        "pageNo": 0,
        "pageSize": 4,
        "totalResults": 1,
        "data": [{
            "notificationId": "p1",
            "notificationPartnerId": "acme",
            "notificationType": "PARTNER_CERT_EXPIRY",
            "notificationStatus": "ACTIVE",
            "createdDateTime": "2026-11-06T00:00:00",
            "notificationDetails": {
                "certificateDetails":
                    [details("C-1", "CN=Ruth", "CN=Root_A", "AUTH", "2026-12-01T10:15")],
                "ftmDetails": null,
                "sbiDetails": null,
                "apiKeyDetails": null,
            },
        }],
    });
    assert_eq!(reply.timeless(), answered(OPERATION, &page));
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'acme'");
    let none = list(&stage, &auth_partner("anna"), "").await.timeless();
    assert_eq!(none, answered(OPERATION, &nothing()));
}

#[actix_web::test]
async fn administrators_see_what_was_sent_to_their_own_partners() {
    let stage = stage().await;
    let admin = Who::admin();

    let first = list(&stage, &admin, "").await.response();
    let second = list(&stage, &admin, "pageNo=1&pageSize=4").await.response();

    assert_eq!(
        ids(&stage, &admin, "pageSize=9").await,
        ["w2", "w1", "i1", "r2", "r1"]
    );
    assert_eq!(first["totalResults"], 5);
    assert_eq!(first["data"].as_array().unwrap().len(), 4);
    assert_eq!(
        (&second["pageNo"], &second["data"][0]["notificationId"]),
        (&json!(1), &json!("r1"))
    );
    let past = list(&stage, &admin, "pageNo=9").await.timeless();
    assert_eq!(past, answered(OPERATION, &nothing()));
}

#[actix_web::test]
async fn filters_narrow_by_type() {
    let stage = stage().await;

    for (query, expected) in [
        ("notificationStatus=active", &["w2", "w1", "i1", "r1"][..]),
        ("notificationStatus=Dismissed", &["r2"]),
        ("notificationStatus=", &[]),
        ("notificationType=root", &["r2", "r1"]),
        ("notificationType=ROOT&notificationStatus=ACTIVE", &["r1"]),
        ("notificationType=intermediate", &["i1"]),
        ("notificationType=partner", &["p4"]),
        ("notificationType=weekly", &["w2", "w1"]),
        ("notificationType=sbi", &[]),
        ("notificationType=ftm-chip", &[]),
        ("notificationType=apikey", &[]),
        ("notificationType=", &[]),
        ("notificationType=root&certificateId=c-1", &["r1"]),
        ("notificationType=root&issuedBy=ruth", &["r2", "r1"]),
        ("notificationType=root&issuedTo=T_A", &["r1"]),
        ("notificationType=root&partnerDomain=auth", &["r1"]),
        ("notificationType=root&partnerDomain=aut", &[]),
        ("notificationType=root&expiryDate=2026-12-02", &["r2"]),
        ("notificationType=root&expiryDate=2026-12-03", &[]),
        (
            "notificationType=weekly&createdFromDate=2026-11-05",
            &["w2"],
        ),
        ("notificationType=weekly&createdToDate=2026-11-04", &["w1"]),
        (
            "notificationType=weekly&createdFromDate=2026-11-04&createdToDate=2026-11-05",
            &["w2", "w1"],
        ),
        ("notificationType=weekly&certificateId=zzz", &["w2", "w1"]),
    ] {
        assert_eq!(ids(&stage, &Who::admin(), query).await, expected, "{query}");
    }
}
