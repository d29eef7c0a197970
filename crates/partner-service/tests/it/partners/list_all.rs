use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::administration::{assert_guarded, retrieved};
use crate::support::{Row, Stage, neutral, refused};

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_seeds();
    stage
}

fn sealed(stage: &Stage, id: &str, kind: &str) {
    let keys = &stage.keys;
    let (email, phone) = (keys.seal(&format!("{id}@acme.org")), keys.seal("700"));
    stage.partner(&Row {
        id,
        kind,
        email: &email,
        email_hash: Some("hash"),
        phone: &phone,
        ..Row::default()
    });
    stage.sql(&format!(
        "UPDATE partner SET address = NULL, logo_url = 'https://logo',
           addl_info = '[{{\"n\": 1.50}}]', cr_dtimes = '2026-01-01' WHERE id = '{id}'"
    ));
}

fn row(id: &str, kind: &str) -> Value {
    json!({
        "partnerID": id,
        "status": "active",
        "organizationName": format!("Org {id}"),
        "contactNumber": "700",
        "emailId": format!("{id}@acme.org"),
        "address": null,
        "partnerType": kind,
    })
}

fn resident() -> Who {
    Who::user("resident", &["RESIDENT"])
}

#[actix_web::test]
async fn partners_are_listed_with_their_personal_data_in_the_clear() {
    let stage = stage().await;
    sealed(&stage, "b", "Auth_Partner");
    sealed(&stage, "a", "MISP_Partner");
    stage.partner(&Row {
        id: "plain",
        active: false,
        ..Row::default()
    });

    let all = stage.get(&resident(), "/partners?partnerType=%20").await;
    let some = stage
        .get(&resident(), "/partners?partnerType=MISP_Partner")
        .await;

    let plain = json!({
        "partnerID": "plain",
        "status": "De-active",
        "organizationName": "Org plain",
        "contactNumber": "700-1",
        "emailId": "info@acme.org",
        "address": "1 Main Street",
        "partnerType": "Auth_Partner",
    });
    let partners = json!([row("a", "MISP_Partner"), row("b", "Auth_Partner"), plain]);
    assert_eq!(all.timeless(), retrieved(&json!({ "partners": partners })));
    let partners = json!([row("a", "MISP_Partner")]);
    assert_eq!(some.timeless(), retrieved(&json!({ "partners": partners })));
    assert_guarded(&stage, "/partners").await;
}

#[actix_web::test]
async fn no_partner_of_the_type_is_an_error() {
    let stage = stage().await;
    sealed(&stage, "a", "Auth_Partner");

    for path in ["/partners", "/partners/v2"] {
        let none = stage
            .get(&resident(), &format!("{path}?partnerType=auth_partner"))
            .await;
        let expected = refused("PMS_PMP_013", "Partner does not exist");
        assert_eq!((none.status, none.timeless()), (200, expected));
    }
}

#[actix_web::test]
async fn the_newer_list_adds_logo_and_additional_information() {
    let stage = stage().await;
    sealed(&stage, "a", "Auth_Partner");
    sealed(&stage, "b", "Auth_Partner");
    stage.sql("UPDATE partner SET addl_info = NULL, logo_url = NULL WHERE id = 'b'");

    let listed = stage.get(&resident(), "/partners/v2").await;

    let mut first = row("a", "Auth_Partner");
    first["logoUrl"] = json!("https://logo");
    first["additionalInfo"] = json!([{ "n": 1.5 }]);
    let mut second = row("b", "Auth_Partner");
    second["logoUrl"] = Value::Null;
    second["additionalInfo"] = Value::Null;
    let partners = json!({ "partners": [first, second] });
    assert_eq!(listed.timeless(), retrieved(&partners));
    assert_guarded(&stage, "/partners/v2").await;
}

/// Rows of other origin hold more than may be registered.
#[actix_web::test]
async fn the_newer_list_shows_any_number_of_long_rows() {
    let stage = stage().await;
    stage.sql(
        "INSERT INTO partner (id, name, user_id, partner_type_code, approval_status, is_active,
           addl_info, cr_by, cr_dtimes)
         SELECT 'p-' || n, 'n', 'u', 'Auth_Partner', 'approved', true,
           to_json(repeat('x', CASE WHEN n % 3 = 0 THEN 3000000 ELSE 10 END))::text, 'u', now()
         FROM generate_series(10, 19) n",
    );

    let listed = stage.get(&resident(), "/partners/v2").await.response();

    let partners = listed["partners"].as_array().unwrap().iter();
    let found: Vec<_> = partners
        .map(|row| {
            let length = row["additionalInfo"].as_str().unwrap().len();
            (row["partnerID"].as_str().unwrap().to_owned(), length)
        })
        .collect();
    let expected: Vec<_> = (10..20)
        .map(|n| (format!("p-{n}"), if n % 3 == 0 { 3_000_000 } else { 10 }))
        .collect();
    assert_eq!(found, expected);
}

#[actix_web::test]
async fn one_row_without_json_refuses_the_newer_list_alone() {
    let stage = stage().await;
    sealed(&stage, "a", "Auth_Partner");
    sealed(&stage, "b", "Auth_Partner");
    stage.sql("UPDATE partner SET addl_info = '{broken' WHERE id = 'b'");

    let newer = stage.get(&resident(), "/partners/v2").await;
    let older = stage.get(&resident(), "/partners").await;

    assert_eq!(
        newer.timeless(),
        refused("PMS_PRT_096", "Json is not valid")
    );
    assert_eq!(older.response()["partners"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn without_the_key_manager_sealed_columns_are_left_out() {
    let stage = stage().await;
    sealed(&stage, "a", "Auth_Partner");
    stage.partner(&Row {
        id: "plain",
        ..Row::default()
    });
    stage.keys.fail("decrypt", PeerFailure::Status(503));

    let listed = stage.get(&resident(), "/partners").await.response();

    assert_eq!(listed["partners"][0]["emailId"], Value::Null);
    assert_eq!(listed["partners"][0]["organizationName"], "Org a");
    assert_eq!(listed["partners"][1]["emailId"], "info@acme.org");
}

#[actix_web::test]
async fn all_rows_are_opened_with_few_calls() {
    let keys = pms_testkit::peers::KeyManagerPeer::start();
    let base = keys.base();
    let stage = Stage::with(|app| {
        app.setting("key_manager.url", "")
            .setting("services.certificate_url", &base)
            .setting("limits.unpaged_rows", "1100")
    })
    .await;
    stage.without_seeds();
    let seal = keys.seal("x@acme.org");
    let insert = |from: u32, to: u32| {
        stage.sql(&format!(
            "INSERT INTO partner (id, name, email_id, email_id_hash, user_id, partner_type_code,
               approval_status, is_active, cr_by, cr_dtimes)
             SELECT 'p-' || n, 'n', '{seal}' || '', 'h', 'u', 'Auth_Partner', 'approved', true, 'u',
               timestamp '2026-01-01' + n / 3 * interval '1 second'
             FROM generate_series({from}, {to}) n"
        ));
    };
    insert(1, 1100);

    let listed = stage.get(&resident(), "/partners").await.response();
    insert(1101, 1101);
    let too_long = stage.get(&resident(), "/partners").await;

    let partners = listed["partners"].as_array().unwrap();
    assert_eq!(partners.len(), 1100);
    assert!(partners.iter().all(|row| row["emailId"] == "x@acme.org"));
    assert!(keys.calls("decryptBatch") <= 3);
    assert_eq!(keys.calls("decrypt"), keys.calls("decryptBatch"));
    assert_eq!((too_long.status, too_long.timeless()), (200, neutral()));
}

#[actix_web::test]
async fn a_frozen_key_manager_is_called_once_in_a_request_and_not_at_all_after_three() {
    let keys = pms_testkit::peers::KeyManagerPeer::start();
    let base = keys.base();
    let stage = Stage::with(|app| {
        app.setting("key_manager.url", "")
            .setting("services.certificate_url", &base)
            .setting("key_manager.timeout_ms", "300")
    })
    .await;
    stage.without_seeds();
    let seal = keys.seal("x@acme.org");
    stage.sql(&format!(
        "INSERT INTO partner (id, name, email_id, email_id_hash, user_id, partner_type_code,
           approval_status, is_active, cr_by, cr_dtimes)
         SELECT 'p-' || n, 'n', '{seal}', 'h', 'u', 'Auth_Partner', 'approved', true, 'u', now()
         FROM generate_series(1, 1100) n"
    ));
    keys.fail("decryptBatch", PeerFailure::Hang);
    let without_email = |rows: &Value, member: &str| {
        let rows = rows.as_array().unwrap();
        assert!(rows.iter().all(|row| row[member].is_null()));
        rows.len()
    };

    let listed = stage.get(&resident(), "/partners").await.response();
    assert_eq!(without_email(&listed["partners"], "emailId"), 1100);
    assert_eq!(keys.calls("decryptBatch"), 1);

    let page = stage.get(&Who::admin(), "/admin-partners").await.response();
    assert_eq!(without_email(&page["data"], "emailAddress"), 8);
    let wanted = json!({ "partnerType": "all", "filters": [], "sort": [], "pagination": null });
    let found = stage
        .send(&Who::admin(), "POST", "/partners/search", wanted)
        .await
        .response();
    assert_eq!(without_email(&found["data"], "emailId"), 10);
    assert_eq!(keys.calls("decryptBatch"), 3);

    let listed = stage.get(&resident(), "/partners").await.response();
    assert_eq!(without_email(&listed["partners"], "emailId"), 1100);
    assert_eq!(keys.calls("decryptBatch"), 3);
}
