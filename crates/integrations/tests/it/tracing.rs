//! What is queued can be traced to the request that queued it, at every peer.

use pms_database::Clock;
use pms_database::outbox::{admin, writer};
use pms_database::request;
use pms_integrations::audit::AuditManager;
use pms_integrations::dispatcher::Plan;
use pms_testkit::peers::{Behaviour, DatasharePeer, Recorded, RecordingPeer};

use crate::mails::Office;
use crate::stage::{Stage, client, event, patient, start_with, token};
use crate::trust_chains;

const ID: &str = "request-0815";

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

fn all_carry_it(recorded: &[Recorded]) {
    assert!(!recorded.is_empty());
    for got in recorded {
        assert_eq!(got.request_id.as_deref(), Some(ID), "{}", got.uri);
    }
}

#[actix_web::test]
async fn a_row_knows_its_request_and_an_operator_sees_it() {
    let stage = Stage::new(accepts());
    let queue = stage.queue("p1", 0..1);
    request::serving(Some(ID.into()), queue).await;
    stage.queue("p2", 0..1).await;

    let rows = admin::list(&mut stage.database.conn(), None, 10).unwrap();

    let ids: Vec<Option<&str>> = rows.iter().map(|row| row.request_id.as_deref()).collect();
    assert_eq!(ids, [None, Some(ID)], "newest first");
}

#[actix_web::test]
async fn hub_data_share_and_audit_manager_get_the_id_of_the_request() {
    let (stage, share) = (Stage::new(accepts()), DatasharePeer::start());
    let answer = r#"{"response":{"status":true}}"#;
    let manager = RecordingPeer::start(Behaviour::Answer(200, answer.to_owned()));
    let record = pms_domain::partner::audits::REGISTER.record("anna", None, None);
    let queue = async {
        stage.queue("p1", 0..1).await;
        trust_chains::upload(&stage).await;
        let write = move |conn: &mut _| {
            writer::event(conn, &event("p2", 0), Clock::system().now_naive())?;
            writer::audit(conn, &record, Clock::system().now_naive())
        };
        stage.db.transaction(write).await.unwrap();
    };
    request::serving(Some(ID.into()), queue).await;

    let identity = stage.identity.token_endpoint();
    let audit = AuditManager::new(client(), manager.url(), token(&identity));
    let plan = trust_chains::plan(&identity, &stage.hub.url(), &share.url())
        .deliver(pms_database::outbox::Queue::Audit, audit);
    let dispatcher = start_with(&stage.db, &plan, patient());
    stage.all_become("delivered").await;
    dispatcher.stop().await;

    all_carry_it(&stage.hub.recorded());
    all_carry_it(&share.recorded());
    all_carry_it(&manager.recorded());
}

#[actix_web::test]
async fn notifier_templates_and_key_manager_get_the_id_of_the_request() {
    let office = Office::new();
    let queue = office.queue("anna@example.org", "eng", "Acme");
    request::serving(Some(ID.into()), queue).await;

    let dispatcher = office.dispatch(true);
    office.stage.all_become("delivered").await;
    dispatcher.stop().await;

    all_carry_it(&office.notifier.recorded());
    all_carry_it(&office.templates.recorded());
    all_carry_it(&office.keys.recorded());
}

#[actix_web::test]
async fn what_no_request_queued_carries_no_id() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let plan = Plan::default().deliver(
        pms_database::outbox::Queue::Event,
        pms_integrations::websub::Hub::new(
            client(),
            stage.hub.url(),
            token(&stage.identity.token_endpoint()),
        ),
    );
    let dispatcher = start_with(&stage.db, &plan, patient());
    stage.all_become("delivered").await;
    dispatcher.stop().await;

    let recorded = stage.hub.recorded();
    assert!(!recorded.is_empty());
    assert!(recorded.iter().all(|got| got.request_id.is_none()));
}
