use pms_testkit::Who;
use pms_testkit::bodies::{answered, refusal};
use serde_json::{Value, json};

use crate::administration::assert_guarded;
use crate::devices_stage::{WITHOUT_PARTNERS, nina, providers, sam};

const OPERATION: &str = "mosip.pms.sbi.devices.get";
const PATH: &str = "/securebiometricinterface/s1/devices";

#[actix_web::test]
async fn the_devices_of_an_sbi_are_listed_in_any_state() {
    let stage = providers().await;
    stage.interface("s1", Some("north"), "1", "approved", true);
    let none = stage.get(&nina(), PATH).await;
    assert_eq!(
        (none.status, none.timeless()),
        (200, answered(OPERATION, &Value::Null))
    );

    stage.device_of("gone", "s1");
    let gone = stage.get(&nina(), PATH).await;
    assert_eq!(gone.timeless(), answered(OPERATION, &json!([])));

    stage.device("d2", "north", "Two", "rejected", false);
    stage.device("d1", "north", "One", "approved", true);
    stage.device("d3", "south", "Three", "approved", true);
    stage.device("d4", "north", "Four", "approved", true);
    stage.sql("UPDATE device_detail SET is_deleted = true WHERE id = 'd4'");
    for id in ["d1", "d2", "d3", "d4"] {
        stage.device_of(id, "s1");
    }
    let reply = stage.get(&nina(), PATH).await;

    let row = |id: &str, make: &str, status: &str, active: bool| {
        json!({
            "deviceId": id,
            "deviceTypeCode": "Finger",
            "deviceSubTypeCode": "Slap",
            "deviceProviderId": "north",
            "make": make,
            "model": "Model",
            "status": status,
            "isActive": active,
            "createdDateTime": "2026-01-01T00:00:00",
        })
    };
    let expected = json!([
        row("d1", "One", "approved", true),
        row("d2", "Two", "rejected", false),
    ]);
    assert_eq!(reply.timeless(), answered(OPERATION, &expected));
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = providers().await;
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage.interface("s2", None, "1", "Activated", true);
    let refused = async |who: &Who, path: &str, (code, message): (&str, &str)| {
        let reply = stage.get(who, path).await;
        assert_eq!(
            reply.timeless(),
            refusal(OPERATION, code, message),
            "{code}"
        );
    };
    let unknown = "/securebiometricinterface/s9/devices";
    let nobodys = "/securebiometricinterface/s2/devices";

    refused(&Who::admin(), unknown, WITHOUT_PARTNERS).await;
    refused(
        &sam(),
        unknown,
        ("PMS_DEVICE_ERROR_005", "SBI do not exists."),
    )
    .await;
    let foreign = ("PMS_DEVICE_ERROR_019", "SBI is not associated with user.");
    refused(&sam(), PATH, foreign).await;
    refused(&nina(), nobodys, foreign).await;
    stage.sql("UPDATE partner SET partner_type_code = 'FTM_Provider' WHERE id = 'north'");
    refused(
        &nina(),
        PATH,
        ("PMS_DEVICE_ERROR_003", "Invalid partner type."),
    )
    .await;
    stage.sql("DROP TABLE secure_biometric_interface CASCADE");
    let fault = (
        "PMS_SF_ERROR_001",
        "Error while fetching devices list for SBI.",
    );
    refused(&nina(), PATH, fault).await;
    assert_guarded(&stage, PATH).await;
}
