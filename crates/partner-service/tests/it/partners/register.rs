use pms_testkit::Who;
use pms_testkit::peers::key_manager::{PeerFailure, unseal};
use serde_json::{Value, json};

use crate::support::{BASE, Row, Stage, echoed, neutral, refused, violation};

fn request() -> Value {
    json!({
        "partnerId": "acme",
        "organizationName": "IITB",
        "address": "1 Main Street, Ümlaut",
        "contactNumber": "700-008-5275",
        "emailId": "Info@Acme.org",
        "partnerType": "auth_partner",
        "policyGroup": "Group One",
        "langCode": "fra",
    })
}

fn changed(member: &str, value: Value) -> Value {
    let mut request = request();
    request[member] = value;
    request
}

#[actix_web::test]
async fn a_registration_stores_cipher_text_and_queues_mail_and_audits() {
    let stage = Stage::start().await;

    let reply = stage
        .send(&Who::admin(), "POST", "/partners", request())
        .await;

    let expected = echoed(&json!({ "partnerId": "acme", "status": "InProgress" }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let columns = "policy_group_id, name, email_id_hash, certificate_alias, user_id,
        partner_type_code, approval_status, is_active, lang_code, logo_url, addl_info, cr_by,
        cr_dtimes, upd_by, upd_dtimes, is_deleted";
    let hash = stage.text("SELECT encode(sha256('info@acme.org'), 'hex')");
    let row = json!({
        "policy_group_id": "g-1",
        "name": "IITB",
        "email_id_hash": hash,
        "certificate_alias": null,
        "user_id": "acme",
        "partner_type_code": "Auth_Partner",
        "approval_status": "InProgress",
        "is_active": false,
        "lang_code": "fra",
        "logo_url": null,
        "addl_info": "[]",
        "cr_by": "admin",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "upd_dtimes": null,
        "is_deleted": false,
    });
    let found = stage.rows(&format!("SELECT {columns} FROM partner WHERE id = 'acme'"));
    assert_eq!(found, json!([row]));
    for (column, clear) in [
        ("address", "1 Main Street, Ümlaut"),
        ("contact_no", "700-008-5275"),
        ("email_id", "Info@Acme.org"),
    ] {
        let sealed = stage
            .text(&format!("SELECT {column} FROM partner WHERE id = 'acme'"))
            .unwrap();
        assert_eq!(unseal(&sealed).as_deref(), Some(clear), "{column}");
        let past = stage.text(&format!("SELECT {column} FROM partner_h WHERE id = 'acme'"));
        assert_eq!(past, Some(sealed), "{column}");
    }
    stage.assert_audits(&[
        ("PMS_PRT_101", "acme", "partnerId"),
        ("PMS_PRT_201", "acme", "partnerId"),
    ]);
    assert_eq!(stage.app.events(), []);
    let recipient = stage.text("SELECT email_id FROM partner WHERE id = 'acme'");
    let mail = json!({
        "mailTo": recipient,
        "langCode": "fra",
        "subjectTemplate": "partner-reg-sub-template",
        "contentTemplate": "partner-reg-content-template",
        "variables": {
            "partnerName": "IITB",
            "partnerId": "acme",
            "partnerStatus": "De-active",
            "status": "De-active",
            "Date": "2026-11-24T10:00:00.000Z",
        },
    });
    assert_eq!(stage.app.mails(), [("PARTNER_REGISTRED".to_owned(), mail)]);
}

#[actix_web::test]
async fn an_audit_record_has_the_words_of_the_catalogue() {
    let stage = Stage::start().await;

    stage
        .send(&Who::admin(), "POST", "/partners", request())
        .await;

    let expected = json!({
        "eventId": "PMS_PRT_101",
        "eventName": "POST REGISTER PARTNER",
        "eventType": "SYSTEM",
        "user": "admin",
        "id": "acme",
        "idType": "partnerId",
        "description": "Registering the partner",
        "moduleName": "Partner Management Service",
        "moduleId": "PMS_PRT",
        "actionTimeStamp": "2026-11-24T10:00:00.000Z",
    });
    assert_eq!(stage.app.audits()[0].1, expected);
}

#[actix_web::test]
async fn the_onboarding_tools_request_passes_unchanged() {
    let stage = Stage::start().await;
    let body = json!({
        "id": "string",
        "metadata": {},
        "request": {
            "address": "5 Road",
            "contactNumber": "700-008-5275",
            "emailId": "misp@example.net",
            "organizationName": "IITB",
            "partnerId": "mpartner-default-esignet",
            "partnerType": "Misp_Partner",
            "policyGroup": "Group One",
        },
        "requesttime": stage.app.now_text(),
        "version": "LTS",
    });

    let reply = stage
        .app
        .post(&Who::admin(), &format!("{BASE}/partners"), &body)
        .await;

    assert_eq!(
        reply.response(),
        json!({ "partnerId": "mpartner-default-esignet", "status": "InProgress" })
    );
    let query = "SELECT partner_type_code, policy_group_id, lang_code FROM partner
        WHERE id = 'mpartner-default-esignet'";
    let row = json!({ "partner_type_code": "MISP_Partner", "policy_group_id": "g-1", "lang_code": "eng" });
    assert_eq!(stage.rows(query), json!([row]));
}

#[actix_web::test]
async fn the_request_time_comes_before_everything() {
    let stage = Stage::start().await;
    let url = format!("{BASE}/partners");
    let mut body = stage.app.v1(&request());

    body["requesttime"] = Value::Null;
    let reply = stage.app.post(&Who::admin(), &url, &body).await;
    assert_eq!(
        reply.timeless(),
        refused("PMS_REQUEST_ERROR_004", "Invalid request time")
    );

    body["requesttime"] = json!("2026-11-23T23:59:59.999Z");
    let reply = stage.app.post(&Who::admin(), &url, &body).await;
    let expected = refused(
        "PMS_REQUEST_ERROR_006",
        "Request date should be current date",
    );
    assert_eq!(reply.timeless(), expected);
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::with(|builder| builder.setting("partner.mobile_max_length", "12")).await;
    stage.group("g-2", "Closed", false);
    let taken = Row {
        email: "old@acme.org",
        ..Row::default()
    };
    stage.partner(&taken);
    // Everything is wrong; each step mends the mistake that was reported.
    let mut wanted = json!({
        "partnerId": "a b",
        "organizationName": "IITB",
        "address": "x",
        "contactNumber": "700-008-52750",
        "emailId": "nonsense",
        "partnerType": "unknown",
        "langCode": "deu",
    });
    let mut who = stage.user_with_mail("user", "not an address");
    let long = "x".repeat(37);
    let steps = [
        (
            "PMS_PRT_012",
            "Invalid emailId.".to_owned(),
            "caller",
            json!("old@acme.org"),
        ),
        (
            "PMS_PRT_055",
            "User not authorized.".to_owned(),
            "caller",
            json!("new@acme.org"),
        ),
        (
            "PMS_PRT_013",
            "Invalid mobile number.Length should be less than .12".to_owned(),
            "contactNumber",
            json!("700-008-5275"),
        ),
        (
            "PMS_PRT_012",
            "Invalid emailId.".to_owned(),
            "emailId",
            json!("old@acme.org"),
        ),
        (
            "PMS_PRT_066",
            "PartnerId should not have any spaces36".to_owned(),
            "partnerId",
            json!(long),
        ),
        (
            "PMS_PRT_052",
            "PartnerId max length should be 36".to_owned(),
            "partnerId",
            json!("acme"),
        ),
        (
            "PMS_PRT_011",
            "Email is already exists.".to_owned(),
            "emailId",
            json!("a@acme.org"),
        ),
        (
            "PMS_PRT_056",
            "Given langCode is not supported".to_owned(),
            "langCode",
            json!("ara"),
        ),
        (
            "PMS_PRT_051",
            "A Partner is already registered with the same Id".to_owned(),
            "partnerId",
            json!("certificate"),
        ),
        (
            "PMS_PRT_051",
            "A Partner is already registered with the same Id".to_owned(),
            "partnerId",
            json!("fresh"),
        ),
        (
            "PMS_PRT_010",
            "Partner Type does not exist".to_owned(),
            "partnerType",
            json!("AUTH_partner"),
        ),
        (
            "PMS_PRT_108",
            "Policy group is Mandatory for Auth_Partner".to_owned(),
            "policyGroup",
            json!("group one"),
        ),
        (
            "PMS_PRT_002",
            "Policy group does not exist".to_owned(),
            "policyGroup",
            json!("Closed"),
        ),
        (
            "PMS_PMP_023",
            "Policy group is not active.".to_owned(),
            "policyGroup",
            json!("Group One"),
        ),
    ];
    for (number, (code, message, member, mended)) in steps.into_iter().enumerate() {
        let reply = stage.send(&who, "POST", "/partners", wanted.clone()).await;

        assert_eq!(reply.timeless(), refused(code, &message), "step {number}");
        let last = stage.audits().pop().unwrap();
        let last = (last.0.as_str(), last.1.as_str(), last.2.as_str());
        let id = wanted["partnerId"].as_str().unwrap();
        let expected = match code {
            "PMS_PRT_010" => ("PMS_PRT_401", "unknown", "partnerType"),
            "PMS_PRT_108" => ("PMS_PRT_401", "NO_ID", "NO_ID_TYPE"),
            "PMS_PRT_002" => ("PMS_PRT_401", "group one", "policyGroupName"),
            "PMS_PMP_023" => ("PMS_PRT_401", "Closed", "policyGroupName"),
            _ => ("PMS_PRT_401", id, "partnerId"),
        };
        assert_eq!(last, expected, "step {number}");
        if member == "caller" {
            who = stage.user_with_mail("user", mended.as_str().unwrap());
        } else {
            wanted[member] = mended;
        }
    }
    let reply = stage.send(&who, "POST", "/partners", wanted).await;

    assert_eq!(reply.response()["partnerId"], "fresh");
}

#[actix_web::test]
async fn an_address_is_taken_whatever_its_case_once_it_is_encrypted() {
    let stage = Stage::start().await;
    stage
        .send(&Who::admin(), "POST", "/partners", request())
        .await;
    let mut again = changed("partnerId", json!("other"));
    again["emailId"] = json!("INFO@acme.org");

    let reply = stage.send(&Who::admin(), "POST", "/partners", again).await;

    assert_eq!(
        reply.timeless(),
        refused("PMS_PRT_011", "Email is already exists.")
    );
}

#[actix_web::test]
async fn fields_are_checked_in_their_order() {
    let stage = Stage::start().await;
    let cases = [
        ("partnerId", json!(" "), "value is empty or null"),
        ("partnerId", json!("a<b"), "must not contain < or >"),
        ("organizationName", Value::Null, "value is empty or null"),
        (
            "organizationName",
            json!("x".repeat(129)),
            "Length should be between 1 and 128 chars",
        ),
        ("organizationName", json!("<b>x"), "must not contain < or >"),
        ("address", json!(""), "value is empty or null"),
        (
            "address",
            json!("x".repeat(2001)),
            "Length should be between 1 and 2000 chars",
        ),
        ("contactNumber", json!(""), "value is empty or null"),
        (
            "contactNumber",
            json!("12345678901234567"),
            "Length should be between 1 and 16 chars",
        ),
        ("emailId", Value::Null, "value is empty or null"),
        (
            "emailId",
            json!("x".repeat(255)),
            "Length should be between 1 and 254 chars",
        ),
        ("partnerType", json!(""), "value is empty or null"),
    ];
    for (field, value, rule) in cases {
        let reply = stage
            .send(
                &Who::admin(),
                "POST",
                "/partners",
                changed(field, value.clone()),
            )
            .await;

        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field)),
            "{value}"
        );
    }
    let reply = stage
        .send(&Who::admin(), "POST", "/partners", json!({}))
        .await;
    assert_eq!(
        reply.timeless(),
        violation("value is empty or null", "partnerId")
    );
}

#[actix_web::test]
async fn a_key_manager_that_is_down_leaves_no_partner_and_no_details() {
    let stage = Stage::start().await;
    stage.keys.fail("encrypt", PeerFailure::Status(500));

    let reply = stage
        .send(&Who::admin(), "POST", "/partners", request())
        .await;

    assert_eq!((reply.status, reply.timeless()), (200, neutral()));
    assert_eq!(
        stage
            .text("SELECT count(*) FROM partner WHERE id = 'acme'")
            .unwrap(),
        "0"
    );
    stage.assert_audits(&[("PMS_PRT_101", "acme", "partnerId")]);
    assert_eq!(stage.app.mails(), []);

    stage.keys.recover();
    let reply = stage
        .send(&Who::admin(), "POST", "/partners", request())
        .await;
    assert_eq!(reply.response()["status"], "InProgress");
}
