use futures_util::future::join_all;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{OLDER_UNIQUE, nina, providers, sam};
use crate::support::{Stage, plain, refused, violation};

fn device() -> Value {
    json!({
        "deviceProviderId": "north",
        "deviceTypeCode": "Iris",
        "deviceSubTypeCode": "Double",
        "make": "Make",
        "model": "One",
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut device = device();
    device[member] = value;
    device
}

async fn create(stage: &Stage, who: &Who, request: Value) -> Reply {
    stage.send(who, "POST", "/devicedetail", request).await
}

const EXISTS: (&str, &str) = ("PMS_AUT_003", "Device Details already exists");

#[actix_web::test]
async fn what_the_reference_stored_with_surplus_blanks_exists() {
    let stage = providers().await;
    stage.device("d1", "north", "Raw  Y", "approved", true);
    let mut request = device();
    request["make"] = json!("Raw  Y");
    request["model"] = json!("Model");
    for (member, value) in [("deviceTypeCode", "Finger"), ("deviceSubTypeCode", "Slap")] {
        request[member] = json!(value);
    }

    let reply = create(&stage, &nina(), request).await;

    let expected = refused("PMS_AUT_003", "Device Details already exists");
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert_eq!(stage.count("device_detail", "true"), "1");
}

#[actix_web::test]
async fn the_constraint_of_an_older_layout_means_a_device_that_exists() {
    let stage = providers().await;
    stage.sql(OLDER_UNIQUE);
    let first = create(&stage, &nina(), device()).await;
    assert_eq!(first.json()["errors"], json!([]));
    stage.sql("UPDATE device_detail SET approval_status = 'rejected'");

    let reply = create(&stage, &nina(), device()).await;

    let expected = refused("PMS_AUT_003", "Device Details already exists");
    assert_eq!((reply.status, reply.timeless()), (200, expected));
}

#[actix_web::test]
async fn a_device_waits_for_approval_under_an_id_of_digits() {
    let stage = providers().await;
    let mut request = with("make", json!("  Make \t of\u{a0}north "));
    request["isItForRegistrationDevice"] = json!(true);
    request["isActive"] = json!(true);
    request["id"] = Value::Null;

    let reply = create(&stage, &nina(), request).await;

    let id = reply.response()["id"].as_str().unwrap().to_owned();
    assert!(id.len() >= 10 && id.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, plain(&json!({ "id": id })))
    );
    let expected = json!([{
        "id": id,
        "dprovider_id": "north",
        "dtype_code": "Iris",
        "dstype_code": "Double",
        "make": "Make of north",
        "model": "One",
        "partner_org_name": "Org north",
        "approval_status": "pending_approval",
        "is_active": false,
        "cr_by": "nina",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "upd_dtimes": null,
        "is_deleted": false,
        "del_dtimes": null,
    }]);
    assert_eq!(stage.rows("SELECT * FROM device_detail"), expected);
    let about = ("north", "partnerId");
    stage.assert_audits(&[("AUT-001", about.0, about.1), ("AUT-005", about.0, about.1)]);
    let (_, record) = stage.app.audits().remove(0);
    assert_eq!(
        (&record["moduleId"], &record["moduleName"], &record["user"]),
        (&json!("PMP-AUT"), &json!("partner service"), &json!("nina"))
    );
    assert_eq!((stage.app.events().len(), stage.app.mails().len()), (0, 0));
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = providers().await;
    stage.device("d1", "north", "Make", "pending_approval", false);
    stage
        .sql("UPDATE device_detail SET model = 'One', dtype_code = 'Iris', dstype_code = 'Double'");
    let mut wrong = device();
    for (member, good, error, record) in [
        (
            "deviceSubTypeCode",
            "Double",
            (
                "PMS_AUT_001",
                "Reg Device Sub Type Code not found in the list of Reg Device Sub Types",
            ),
            Some("AUT-002"),
        ),
        (
            "deviceProviderId",
            "south",
            (
                "PMS_AUT_002",
                "This partner has been inactivated by Partner admin",
            ),
            Some("AUT-003"),
        ),
        (
            "deviceProviderId",
            "north",
            (
                "PMS_DEVICE_ERROR_001",
                "Partner id is not associated with user.",
            ),
            None,
        ),
        ("make", "Other", EXISTS, Some("AUT-004")),
    ] {
        if error.0 == "PMS_AUT_001" {
            wrong["deviceSubTypeCode"] = json!("double");
            wrong["deviceProviderId"] = json!("closed");
        }
        stage.forget();
        let reply = create(&stage, &nina(), wrong.clone()).await;
        assert_eq!(reply.timeless(), refused(error.0, error.1));
        let mut descriptions = vec!["Create API called::DeviceDetail".to_owned()];
        descriptions.extend(record.map(|_| format!("{}_{}", error.0, error.1)));
        assert_eq!(stage.descriptions(), descriptions);
        if let Some(id) = record {
            assert_eq!(stage.audits()[1].0, id);
        }
        wrong[member] = json!(good);
    }
    assert_eq!(stage.count("device_detail", "true"), "1");
    assert_eq!(
        create(&stage, &nina(), wrong).await.json()["errors"],
        json!([])
    );
}

#[actix_web::test]
async fn fields_are_checked_one_by_one() {
    let stage = providers().await;
    let empty = "value is empty or null";
    let length = "Length should be in between 1 and 36 chars";
    for (member, value, rule) in [
        ("id", json!(""), length),
        ("id", json!("x".repeat(37)), length),
        (
            "id",
            json!("a\u{202e}b"),
            "must not contain control characters",
        ),
        ("id", json!("<d1>"), "must not contain < or >"),
        ("make", json!("<b>Make"), "must not contain < or >"),
        ("model", json!("One >"), "must not contain < or >"),
        ("deviceProviderId", json!(" "), empty),
        ("deviceProviderId", json!("x".repeat(37)), length),
        ("deviceTypeCode", Value::Null, empty),
        ("deviceSubTypeCode", json!(""), empty),
        ("make", json!("\u{a0}"), empty),
        ("make", json!("é".repeat(37)), length),
        (
            "model",
            json!("a\u{feff}b"),
            "must not contain control characters",
        ),
    ] {
        let reply = create(&stage, &nina(), with(member, value)).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, member))
        );
    }
    let fits = with("make", json!("é".repeat(36)));
    assert_eq!(
        create(&stage, &nina(), fits).await.json()["errors"],
        json!([])
    );
}

#[actix_web::test]
async fn callers_are_checked_and_bodies_read() {
    let stage = providers().await;

    let nobody = create(&stage, &Who::Nobody, device()).await;
    let stranger = Who::user("nina", &["AUTH_PARTNER"]);
    let wrong = create(&stage, &stranger, device()).await;
    let body = Some("{\"request\": 7}".to_owned());
    let path = "/v1/partnermanager/devicedetail";
    let malformed = stage.app.send(&nina(), "POST", path, body).await;

    assert_eq!(
        (nobody.status, nobody.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    assert_eq!(
        (wrong.status, wrong.error().0.as_str()),
        (403, "KER-ATH-403")
    );
    assert_eq!(
        (malformed.status, &malformed.json()["title"]),
        (400, &json!("Bad Request"))
    );
    // A provider without user is an administrator's to use.
    let by_admin = create(&stage, &Who::admin(), device()).await;
    assert_eq!(by_admin.json()["errors"], json!([]));
    let by_other = create(&stage, &sam(), device()).await;
    assert_eq!(by_other.error().0, "PMS_DEVICE_ERROR_001");
}

#[actix_web::test]
async fn an_id_that_is_taken_stays_whose_it_is() {
    let stage = providers().await;
    stage.device("device-id-123", "south", "Theirs", "rejected", false);

    let reply = create(&stage, &nina(), with("id", json!("device-id-123"))).await;

    assert_eq!(reply.timeless(), refused(EXISTS.0, EXISTS.1));
    assert_eq!(stage.count("device_detail", "dprovider_id = 'south'"), "1");
    let own = create(&stage, &nina(), with("id", json!("device-id-124"))).await;
    assert_eq!(own.timeless(), plain(&json!({ "id": "device-id-124" })));
}

#[actix_web::test]
async fn a_model_can_be_registered_again_when_it_is_rejected_or_deactivated() {
    let stage = providers().await;
    for (status, active, allowed) in [
        ("pending_approval", false, false),
        ("approved", true, false),
        ("Activated", true, false),
        ("approved", false, true),
        ("rejected", false, true),
    ] {
        stage.without_devices();
        stage.device("old", "north", "Make", status, active);
        let mut again = device();
        again["deviceTypeCode"] = json!("Finger");
        again["deviceSubTypeCode"] = json!("Slap");
        again["model"] = json!("Model");

        let reply = create(&stage, &nina(), again).await;

        let refused_now = !reply.json()["errors"].as_array().unwrap().is_empty();
        assert_eq!(refused_now, !allowed, "{status} {active}");
    }
}

#[actix_web::test]
async fn of_many_at_once_one_is_registered() {
    let stage = providers().await;
    let who = nina();

    let spellings = ["Make", " Make", "Make ", "Make\t"].map(|make| with("make", json!(make)));
    let calls = spellings.into_iter().cycle().take(12);
    let replies = join_all(calls.map(|request| create(&stage, &who, request))).await;

    let made = replies
        .iter()
        .filter(|reply| reply.json()["errors"] == json!([]));
    assert_eq!(made.count(), 1);
    let others = replies
        .iter()
        .filter(|reply| reply.json()["errors"] != json!([]));
    others.for_each(|reply| assert_eq!(reply.timeless(), refused(EXISTS.0, EXISTS.1)));
    assert_eq!(stage.count("device_detail", "true"), "1");
}
