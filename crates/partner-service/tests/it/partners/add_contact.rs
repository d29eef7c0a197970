use futures_util::future::join_all;
use pms_testkit::Who;
use pms_testkit::peers::key_manager::unseal;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, echoed, refused, violation};

const PATH: &str = "/partners/acme/contact/add";

fn person(phone: &str) -> Value {
    json!({
        "address": "3 Side Street",
        "contactNumber": phone,
        "emailId": "Anna@acme.org",
        "is_Active": true,
    })
}

#[actix_web::test]
async fn a_person_is_added_once_and_then_changed() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    let acme = auth_partner("acme");

    let added = stage.send(&acme, "POST", PATH, person("1")).await;
    assert_eq!(
        added.timeless(),
        echoed(&json!("Contacts details added successfully."))
    );
    let columns = "SELECT contact_no, email_id, address FROM partner_contact";
    let row = stage.rows(columns)[0].clone();
    let clear = |column: &str| unseal(row[column].as_str().unwrap());
    assert_eq!(clear("contact_no").as_deref(), Some("1"));
    assert_eq!(clear("email_id").as_deref(), Some("Anna@acme.org"));
    assert_eq!(clear("address").as_deref(), Some("3 Side Street"));
    let rest =
        "SELECT partner_id, email_id_hash = encode(sha256('anna@acme.org'), 'hex') AS hashed,
        is_active, is_deleted, cr_by, upd_by FROM partner_contact";
    let expected = json!([{
        "partner_id": "acme",
        "hashed": true,
        "is_active": true,
        "is_deleted": false,
        "cr_by": "acme",
        "upd_by": null,
    }]);
    assert_eq!(stage.rows(rest), expected);
    stage.assert_audits(&[
        ("PMS_PRT_106", "acme", "partnerId"),
        ("PMS_PRT_206", "acme", "partnerId"),
    ]);

    // Also when the partner waits for its approval, and whatever the address's case.
    stage.sql(
        "UPDATE partner SET is_active = false, approval_status = 'InProgress' WHERE id = 'acme'",
    );
    let mut other = person("2");
    other["is_Active"] = json!("false");
    other["emailId"] = json!("ANNA@acme.org");
    let changed = stage.send(&acme, "POST", PATH, other).await;
    assert_eq!(
        changed.timeless(),
        echoed(&json!("Contacts details updated successfully."))
    );
    let phone = stage
        .text("SELECT contact_no FROM partner_contact")
        .unwrap();
    assert_eq!(unseal(&phone).as_deref(), Some("2"));
    let flags = "SELECT is_active, upd_by FROM partner_contact";
    assert_eq!(
        stage.rows(flags),
        json!([{ "is_active": false, "upd_by": "acme" }])
    );
}

#[actix_web::test]
async fn a_contact_from_before_encryption_is_encrypted_by_the_way() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    stage.sql(
        "INSERT INTO partner_contact (id, partner_id, contact_no, email_id, address, is_active,
           cr_by, cr_dtimes) VALUES ('c', 'acme', '0', 'Anna@acme.org', 'x', false, 'u', now())",
    );
    let mut request = person("1");
    request["is_Active"] = Value::Null;

    let reply = stage.send(&Who::admin(), "POST", PATH, request).await;

    assert_eq!(reply.response(), "Contacts details updated successfully.");
    let email = stage
        .text("SELECT email_id FROM partner_contact WHERE id = 'c'")
        .unwrap();
    assert_eq!(unseal(&email).as_deref(), Some("Anna@acme.org"));
    let flags = "SELECT is_active, email_id_hash IS NOT NULL AS hashed FROM partner_contact";
    assert_eq!(
        stage.rows(flags),
        json!([{ "is_active": true, "hashed": true }])
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::start().await;
    let mut wrong = person("12345678901234567");
    wrong["emailId"] = json!("nonsense");

    let email = stage.send(&Who::admin(), "POST", PATH, wrong).await;
    assert_eq!(email.timeless(), refused("PMS_PRT_012", "Invalid emailId."));
    let phone = stage
        .send(&Who::admin(), "POST", PATH, person("12345678901234567"))
        .await;
    let message = "Invalid mobile number.Length should be less than .16";
    assert_eq!(phone.timeless(), refused("PMS_PRT_013", message));
    let failed: Vec<_> = stage
        .audits()
        .into_iter()
        .filter(|(event, ..)| event == "PMS_PRT_406")
        .collect();
    assert_eq!(failed.len(), 2);
    let unknown = stage.send(&Who::admin(), "POST", PATH, person("1")).await;
    assert_eq!(
        unknown.timeless(),
        refused("PMS_PRT_005", "Partner does not exist")
    );
    stage.partner(&Row {
        active: false,
        ..Row::default()
    });
    let foreign = stage
        .send(&auth_partner("x"), "POST", PATH, person("1"))
        .await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
    let inactive = stage.send(&Who::admin(), "POST", PATH, person("1")).await;
    assert_eq!(
        inactive.timeless(),
        refused("PMS_PMP_016", "Partner is not active.")
    );

    let mut blank = person("1");
    blank["address"] = Value::Null;
    let reply = stage.send(&Who::admin(), "POST", PATH, blank).await;
    let expected = violation("value is empty or null", "address");
    assert_eq!((reply.status, reply.timeless()), (400, expected));
}

#[actix_web::test]
async fn of_simultaneous_additions_of_one_person_one_adds() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    let admin = Who::admin();

    let replies = join_all((0..6).map(|_| stage.send(&admin, "POST", PATH, person("1")))).await;

    let added = replies
        .iter()
        .filter(|reply| reply.text.contains("added successfully"))
        .count();
    let changed = replies
        .iter()
        .filter(|reply| reply.text.contains("updated successfully"));
    assert_eq!((added, changed.count()), (1, 5));
    assert_eq!(
        stage
            .text("SELECT count(*) FROM partner_contact")
            .as_deref(),
        Some("1")
    );
}

#[actix_web::test]
async fn only_the_columns_limit_the_texts_of_a_contact() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    let mut long = person("1");
    long["address"] = json!("x".repeat(7000));
    long["emailId"] = json!(format!("{}@acme.org", "x".repeat(1791)));

    let added = stage.send(&Who::admin(), "POST", PATH, long.clone()).await;
    assert_eq!(added.response(), "Contacts details added successfully.");

    for (field, most) in [("address", 7000), ("emailId", 1800)] {
        let text = "x".repeat(most + 1);
        let mut longer = long.clone();
        longer[field] = json!(text);
        let reply = stage.send(&Who::admin(), "POST", PATH, longer).await;
        let expected = violation(&format!("size must be between 0 and {most}"), field);
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
}

#[actix_web::test]
async fn an_address_that_was_written_back_in_clear_is_encrypted_again() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    stage.send(&Who::admin(), "POST", PATH, person("1")).await;
    stage.sql("UPDATE partner_contact SET email_id = 'Anna@acme.org'");

    stage.send(&Who::admin(), "POST", PATH, person("2")).await;

    let email = stage.text("SELECT email_id FROM partner_contact").unwrap();
    assert_eq!(unseal(&email).as_deref(), Some("Anna@acme.org"));
}
