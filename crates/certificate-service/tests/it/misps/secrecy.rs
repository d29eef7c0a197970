//! Licence keys stay out of everything but answers and events.

use serde_json::json;

use super::support::{Misps, admin};

#[actix_web::test]
async fn keys_are_in_no_debug_text_and_no_audit_record() {
    let misps = Misps::start().await;
    misps.misp("m");
    let issued = misps
        .post(&admin(), "", json!({ "providerId": "m" }))
        .await
        .response();
    let key = issued["licenseKey"].as_str().unwrap().to_owned();

    let find = {
        let key = key.clone();
        move |conn: &mut pms_database::Connection| {
            Ok(pms_database::misp_licences::find(conn, "m", &key)?)
        }
    };
    let licence = misps.stage.database.db().read(find).await.unwrap().unwrap();

    assert_eq!(licence.license_key, key);
    assert!(!format!("{licence:?}").contains(&key));
    assert!(misps.stage.audits().is_empty());
}
