//! The embedded key manager as the client of its own process: no call leaves it.

use std::rc::Rc;

use pms_integrations::KeyManager;
use pms_integrations::key_manager::UNREACHABLE;

use crate::support::service::Stage;

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The client of a process that serves nothing and is its own key manager.
async fn own(stage: &Rc<Stage>, overrides: &[(&str, &str)]) -> KeyManager {
    let runtime = stage.runtime(NOWHERE, overrides);
    let service = pms_certificate_service::service(&runtime).await.unwrap();
    runtime
        .key_manager
        .serve_in_process(service.own_key_manager.unwrap());
    runtime.key_manager
}

#[actix_web::test]
async fn personal_data_goes_there_and_back_without_a_call() {
    let stage = Stage::new();
    let (keys, other) = (own(&stage, &[]).await, own(&stage, &[]).await);

    let sealed = keys.encrypt(&["1 Main Street", "700-1"]).await.unwrap();

    let mut columns = sealed.clone();
    columns.insert(1, "in clear".to_owned());
    let opened = other.clone().decrypt(&columns).await.unwrap();
    assert_eq!(opened, ["1 Main Street", "in clear", "700-1"]);
    // Certificates take the way over HTTP.
    let certificate = keys.partner_certificate("id").await;
    assert_eq!(certificate.unwrap_err(), UNREACHABLE.into());
}

#[actix_web::test]
async fn columns_that_nothing_opens_come_back_as_they_are() {
    let (stage, elsewhere) = (Stage::new(), Stage::new());
    let (keys, foreign) = (own(&stage, &[]).await, own(&elsewhere, &[]).await);
    let sealed = keys.encrypt(&["a"]).await.unwrap();
    let of_others = foreign.encrypt(&["b"]).await.unwrap();

    let texts = [sealed[0].as_str(), of_others[0].as_str()];
    let opened = keys.open(&texts).await.unwrap();

    assert_eq!(opened[0].as_ref().unwrap().as_str(), "a");
    assert!(opened[1].is_none());
}

#[actix_web::test]
async fn the_process_may_no_more_than_its_service_account() {
    let stage = Stage::new();
    let keys = own(&stage, &[]).await;
    let sealed = keys.encrypt(&["a"]).await.unwrap();

    let others = [("key_manager.personal_data_clients", "another-client")];
    let kept_out = own(&stage, &others).await;
    assert_eq!(
        kept_out.encrypt(&["a"]).await.unwrap_err(),
        UNREACHABLE.into()
    );
    assert_eq!(
        kept_out.decrypt(&sealed).await.unwrap_err(),
        UNREACHABLE.into()
    );

    stage.sql("UPDATE keymgr.key_policy_def SET access_allowed = 'else' WHERE app_id = 'PMS'");
    let forbidden = own(&stage, &[]).await.decrypt(&sealed).await;
    assert!(forbidden.unwrap_err().to_string().contains("KER-CRY-012"));
    stage.sql(
        "UPDATE keymgr.key_policy_def SET access_allowed = 'service-account-mosip-pms-client' \
         WHERE app_id = 'PMS'",
    );
    let opened = own(&stage, &[]).await.decrypt(&sealed).await;
    assert_eq!(opened.unwrap(), ["a"]);
}
