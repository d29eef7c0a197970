use pms_testkit::Who;
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::searching::values;
use crate::support::{refused, violation};

const DEVICES: &str = "/devicedetail/filtervalues";
const TYPES: &str = "/devicedetail/deviceType/filtervalues";
const SUB_TYPES: &str = "/devicedetail/deviceSubType/filtervalues";
const INTERFACES: &str = "/securebiometricinterface/filtervalues";

fn ask(column: &str, text: Value) -> Value {
    json!({
        "filters": [{ "columnName": column, "type": "unique", "text": text }],
        "optionalFilters": [],
        "purpose": "REGISTRATION",
    })
}

#[actix_web::test]
async fn the_portal_reads_types_and_sub_types() {
    let stage = providers().await;

    let types = stage
        .send(&nina(), "POST", TYPES, ask("name", json!("")))
        .await;
    let expected = [
        ("name", "Face", "Face"),
        ("name", "Finger", "Finger"),
        ("name", "Iris", "Iris"),
    ];
    assert_eq!((types.status, types.timeless()), (200, values(&expected)));

    let sub_types = stage
        .send(
            &nina(),
            "POST",
            SUB_TYPES,
            ask("deviceType", json!("Finger")),
        )
        .await;
    let of = |code: &'static str| ("deviceType", "Finger", code);
    let expected = [of("Single"), of("Slap"), of("Touchless")];
    assert_eq!(sub_types.timeless(), values(&expected));
    let singles = stage
        .send(&nina(), "POST", SUB_TYPES, ask("code", json!("Single")))
        .await;
    assert_eq!(singles.timeless(), values(&[("code", "Single", "Single")]));
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn devices_and_sbis_are_shown_to_their_owners() {
    let stage = providers().await;
    stage.device("d1", "north", "Z", "approved", true);
    stage.device("d2", "north", "A", "rejected", false);
    stage.device("d3", "south", "B", "approved", true);
    stage.interface("s1", Some("north"), "1.0", "approved", true);
    stage.interface("s2", None, "2.0", "Activated", true);

    let own = stage
        .send(&nina(), "POST", DEVICES, ask("make", Value::Null))
        .await;
    let expected = [("make", "A Model", "d2"), ("make", "Z Model", "d1")];
    assert_eq!(own.timeless(), values(&expected));
    let all = stage
        .send(&Who::admin(), "POST", DEVICES, ask("MAKE", json!("b")))
        .await;
    assert_eq!(all.timeless(), values(&[("MAKE", "B Model", "d3")]));
    let sbis = stage
        .send(
            &Who::admin(),
            "POST",
            INTERFACES,
            ask("swVersion", Value::Null),
        )
        .await;
    let expected = [("swVersion", "1.0", "s1"), ("swVersion", "2.0", "s2")];
    assert_eq!(sbis.timeless(), values(&expected));
    let none = stage
        .send(&sam(), "POST", INTERFACES, ask("swVersion", json!("")))
        .await;
    assert_eq!(none.timeless(), values(&[]));
}

#[actix_web::test]
async fn wrong_questions_are_refused() {
    let stage = providers().await;
    for path in [DEVICES, TYPES, SUB_TYPES, INTERFACES] {
        let send = async |who: Who, request: Value| stage.send(&who, "POST", path, request).await;
        let admin = Who::admin;

        let unknown = send(admin(), ask("nonsense", json!(""))).await;
        let text = "Column nonsense doesn't exist for the searched entity";
        assert_eq!(unknown.timeless(), refused("PMS-MSD-317", text));
        let date = send(admin(), ask("crDtimes", json!(""))).await;
        assert_eq!(date.error().0, "PMS-MSD-324");
        let blank = send(admin(), ask(" ", json!(""))).await;
        let expected = violation("must not be blank", "filters[0].columnName");
        assert_eq!((blank.status, blank.timeless()), (400, expected));
        let truth = send(admin(), ask("isActive", json!(""))).await;
        let expected = [("isActive", "true", ""), ("isActive", "false", "")];
        assert_eq!(truth.timeless(), values(&expected));
        assert_eq!(send(admin(), json!({})).await.status, 400);
        assert_eq!(send(Who::Nobody, ask("name", json!(""))).await.status, 401);
        let role = Who::user("nina", &["AUTH_PARTNER"]);
        assert_eq!(send(role, ask("name", json!(""))).await.status, 403);
        let mut odd = ask("crBy", json!(""));
        odd["purpose"] = json!("FUN");
        let status = if path == INTERFACES { 200 } else { 400 };
        assert_eq!(send(admin(), odd).await.status, status, "{path}");
    }
}
