//! Audit records go to the Audit Manager.

use pms_testkit::Who;
use serde_json::json;

use crate::api::PARTNERS;
use crate::ca::Authority;
use crate::peers::Peers;
use crate::system::System;

/// The longest that the Audit Manager takes.
const LONGEST: [(&str, usize); 12] = [
    ("eventId", 64),
    ("eventName", 128),
    ("eventType", 64),
    ("hostName", 128),
    ("sessionUserId", 256),
    ("sessionUserName", 128),
    ("id", 64),
    ("idType", 64),
    ("createdBy", 256),
    ("moduleName", 128),
    ("moduleId", 64),
    ("description", 2048),
];

#[actix_web::test]
async fn every_call_leaves_its_records_and_their_fields_are_bounded() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    let (api, authority) = (system.api(), Authority::new("Root"));
    let _process = system.start().await;

    api.trust(&authority).await.unwrap().response();
    api.onboard("bank-one", &authority).await;
    // A refused call, of somebody and about something with long names.
    let refused = api
        .ask(
            &Who::user(&"u".repeat(300), &["AUTH_PARTNER"]),
            "POST",
            PARTNERS,
            json!({
                "partnerId": "p".repeat(300),
                "organizationName": "Long Ltd",
                "address": "1 Main Street",
                "contactNumber": "9232121212",
                "emailId": "long@mail.example.org",
                "partnerType": "Auth_Partner",
                "policyGroup": "mpolicygroup-default-auth",
            }),
        )
        .await
        .unwrap();
    assert!(refused.text.contains("errorCode"), "{}", refused.text);
    // A device of a type that there is not.
    let device = json!({
        "deviceProviderId": "bank-one", "deviceTypeCode": "Ear", "deviceSubTypeCode": "Left",
        "make": "Make", "model": "Model",
    });
    let refused = api
        .ask(
            &Who::admin(),
            "POST",
            "/v1/partnermanager/devicedetail",
            device,
        )
        .await
        .unwrap();
    assert_eq!(refused.error().0, "PMS_AUT_001");
    system.all_delivered().await;

    let records = peers.audit.records();
    let noted = system.count("audit", "delivered");
    assert_eq!(u32::try_from(records.len()).unwrap(), noted);
    for id in [
        "PMS_PRT_101",
        "PMS_PRT_201",
        "PMS_PRT_401",
        "PMS_PRT_102",
        "PMS_PRT_202",
        "PMS_PRT_103",
        "PMS_PRT_203",
        "PMS_PRT_204",
        "AUT-001",
        "AUT-002",
    ] {
        let found = records.iter().any(|record| record["eventId"] == id);
        assert!(found, "{id}");
    }
    for record in &records {
        for (name, longest) in LONGEST {
            let text = record[name].as_str().unwrap_or_default();
            assert!(text.chars().count() <= longest, "{name}: {text}");
        }
        let of_devices = record["moduleId"] == "PMP-AUT";
        let application = if of_devices {
            ("MOSIP_7", "PARTNER_MANAGEMENT")
        } else {
            ("Partner management portal", "10002")
        };
        assert_eq!(record["applicationId"], application.0);
        assert_eq!(record["applicationName"], application.1);
        assert_eq!(record["eventType"], "SYSTEM");
    }
}
