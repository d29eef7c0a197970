use pms_testkit::Who;
use pms_testkit::peers::key_manager::{lost, unseal};
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, echoed, refused, violation};

fn request() -> Value {
    json!({ "address": "2 New Street", "contactNumber": "700-9" })
}

async fn column(stage: &Stage, name: &str) -> String {
    stage
        .text(&format!("SELECT {name} FROM partner WHERE id = 'acme'"))
        .unwrap_or_default()
}

#[actix_web::test]
async fn a_row_from_before_encryption_is_encrypted_by_the_way() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        email: "Info@acme.org",
        ..Row::default()
    });
    stage.sql("UPDATE partner SET logo_url = 'logo', addl_info = '{}' WHERE id = 'acme'");

    let reply = stage
        .send(&auth_partner("acme"), "PUT", "/partners/acme", request())
        .await;

    let expected = echoed(&json!({ "partnerId": "acme", "status": "approved" }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let clear = |text: String| unseal(&text);
    assert_eq!(
        clear(column(&stage, "address").await).as_deref(),
        Some("2 New Street")
    );
    assert_eq!(
        clear(column(&stage, "contact_no").await).as_deref(),
        Some("700-9")
    );
    assert_eq!(
        clear(column(&stage, "email_id").await).as_deref(),
        Some("Info@acme.org")
    );
    let hash = stage
        .text("SELECT encode(sha256('info@acme.org'), 'hex')")
        .unwrap();
    assert_eq!(column(&stage, "email_id_hash").await, hash);
    let rest = "SELECT logo_url, addl_info, upd_by, upd_dtimes FROM partner WHERE id = 'acme'";
    let expected = json!([{
        "logo_url": "logo",
        "addl_info": "{}",
        "upd_by": "acme",
        "upd_dtimes": "2026-11-24T10:00:00",
    }]);
    assert_eq!(stage.rows(rest), expected, "logo and information stay");
    let history = "SELECT count(*) FROM partner_h WHERE id = 'acme' AND email_id_hash IS NOT NULL";
    assert_eq!(stage.text(history).as_deref(), Some("1"));
    stage.assert_audits(&[
        ("PMS_PRT_105", "acme", "partnerId"),
        ("PMS_PRT_205", "acme", "partnerId"),
    ]);
    assert_eq!((stage.app.events().len(), stage.app.mails().len()), (0, 0));
}

#[actix_web::test]
async fn an_encrypted_address_is_left_alone_and_a_written_back_one_encrypted_again() {
    let stage = Stage::start().await;
    let sealed = stage.keys.seal("info@acme.org");
    stage.partner(&Row {
        email: &sealed,
        email_hash: Some("h"),
        ..Row::default()
    });

    stage
        .send(&Who::admin(), "PUT", "/partners/acme", request())
        .await;
    assert_eq!(column(&stage, "email_id").await, sealed);
    assert_eq!(column(&stage, "email_id_hash").await, "h");

    stage.sql("UPDATE partner SET email_id = 'info@acme.org' WHERE id = 'acme'");
    stage
        .send(&Who::admin(), "PUT", "/partners/acme", request())
        .await;
    let email = column(&stage, "email_id").await;
    assert_eq!(unseal(&email).as_deref(), Some("info@acme.org"));
    let history = "SELECT count(DISTINCT eff_dtimes) FROM partner_h WHERE id = 'acme'";
    assert_eq!(stage.text(history).as_deref(), Some("2"));
}

#[actix_web::test]
async fn an_address_that_an_older_key_manager_encrypted_is_left_alone() {
    let stage = Stage::start().await;
    let sealed = stage.keys.seal_without_header("info@acme.org");
    stage.partner(&Row {
        email: &sealed,
        email_hash: Some("h"),
        ..Row::default()
    });

    stage
        .send(&Who::admin(), "PUT", "/partners/acme", request())
        .await;

    assert_eq!(column(&stage, "email_id").await, sealed);
    assert_eq!(column(&stage, "email_id_hash").await, "h");
    let shown = stage.get(&Who::admin(), "/partners/acme").await.response();
    assert_eq!(shown["emailId"], "info@acme.org");

    stage.sql("UPDATE partner SET email_id_hash = NULL WHERE id = 'acme'");
    stage
        .send(&Who::admin(), "PUT", "/partners/acme", request())
        .await;
    let email = column(&stage, "email_id").await;
    assert_eq!(unseal(&email).as_deref(), Some("info@acme.org"));
    let hash = stage
        .text("SELECT encode(sha256('info@acme.org'), 'hex')")
        .unwrap();
    assert_eq!(column(&stage, "email_id_hash").await, hash);
}

#[actix_web::test]
async fn cipher_text_that_can_not_be_decrypted_is_not_encrypted_once_more() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        email: &lost(),
        ..Row::default()
    });

    let reply = stage
        .send(&Who::admin(), "PUT", "/partners/acme", request())
        .await;

    let expected = echoed(&json!({ "partnerId": "acme", "status": "approved" }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert_eq!(column(&stage, "email_id").await, lost());
    assert_eq!(column(&stage, "email_id_hash").await, "");
    let address = column(&stage, "address").await;
    assert_eq!(unseal(&address).as_deref(), Some("2 New Street"));
}

#[actix_web::test]
async fn the_newer_endpoint_always_overwrites_logo_and_information() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    let mut full = request();
    full["logoUrl"] = json!("logo");
    full["additionalInfo"] = json!({ "a": 1 });

    let reply = stage
        .send(&Who::admin(), "PUT", "/partners/v2/acme", full)
        .await;
    let expected = echoed(&json!({ "partnerId": "acme", "status": "approved" }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let branding = "SELECT logo_url, addl_info FROM partner WHERE id = 'acme'";
    let expected = json!([{ "logo_url": "logo", "addl_info": r#"{"a":1}"# }]);
    assert_eq!(stage.rows(branding), expected);

    stage
        .send(&Who::admin(), "PUT", "/partners/v2/acme", request())
        .await;
    assert_eq!(
        stage.rows(branding),
        json!([{ "logo_url": null, "addl_info": "[]" }])
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::with(|builder| builder.setting("partner.mobile_max_length", "5")).await;
    stage.partner(&Row::default());
    let update = |who: Who, path: &'static str, phone: &'static str| {
        let request = json!({ "address": "x", "contactNumber": phone });
        let stage = &stage;
        async move { stage.send(&who, "PUT", path, request).await.timeless() }
    };

    let long = update(auth_partner("x"), "/partners/nobody", "123456").await;
    let message = "Invalid mobile number.Length should be less than .5";
    assert_eq!(long, refused("PMS_PRT_013", message));
    stage.assert_audits(&[
        ("PMS_PRT_105", "nobody", "partnerId"),
        ("PMS_PRT_405", "nobody", "partnerId"),
    ]);
    stage.forget();
    let unknown = update(auth_partner("x"), "/partners/nobody", "1").await;
    assert_eq!(unknown, refused("PMS_PRT_005", "Partner does not exist"));
    stage.assert_audits(&[
        ("PMS_PRT_105", "nobody", "partnerId"),
        ("PMS_PRT_419", "nobody", "partnerId"),
    ]);
    let foreign = update(auth_partner("x"), "/partners/acme", "1").await;
    assert_eq!(foreign, refused("PMS_PRT_055", "User not authorized."));

    let blank = json!({ "address": " ", "contactNumber": "1" });
    let reply = stage
        .send(&Who::admin(), "PUT", "/partners/acme", blank)
        .await;
    let expected = violation("value is empty or null", "address");
    assert_eq!((reply.status, reply.timeless()), (400, expected));
}
