//! Peers that answer, but not as they should.

use pms_testkit::peers::{Behaviour, Fault};
use serde_json::json;

use crate::ca::Authority;
use crate::outbox::assert_in_order;
use crate::peers::Peers;
use crate::system::{System, eventually};

/// How the hub answers, and how everybody else does.
fn wrong_answers() -> [(Behaviour, Fault); 4] {
    let errors = json!({
        "id": "x", "response": null, "dataShare": null,
        "errors": [{ "errorCode": "KER-XXX-500", "message": "Internal error" }],
    });
    let hub = |status, body: &str| Behaviour::Answer(status, body.to_owned());
    [
        (hub(500, "out of order"), Fault::Status(500)),
        (hub(200, "<html>"), Fault::Body("<html>".to_owned())),
        (
            hub(200, "hub.mode=denied&hub.reason=no"),
            Fault::Body(errors.to_string()),
        ),
        (Behaviour::Drop, Fault::Reset),
    ]
}

#[actix_web::test]
async fn wrong_answers_fail_no_call_and_lose_nothing() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    let (api, authority) = (system.api(), Authority::new("Root"));
    let _process = system.start().await;
    api.trust(&authority).await.unwrap().response();

    for (number, (hub, fault)) in wrong_answers().into_iter().enumerate() {
        peers.fail_but_audit(hub, &fault);
        peers.audit.fail(fault.clone());

        let id = format!("bank-{number}");
        api.onboard(&id, &authority).await;
        api.switch_key(&id, false).await.unwrap().response();
        for queue in ["event", "mail", "audit"] {
            eventually("a failure that is told", async || {
                let failed = format!(
                    "SELECT count(*) FROM pms.outbox WHERE lane = '{queue}' \
                     AND status = 'pending' AND attempts > 1 AND last_error <> ''"
                );
                system.value(&failed) != "0"
            })
            .await;
            assert_eq!(system.count(queue, "dead"), 0, "{queue} {fault:?}");
        }

        peers.recover();
        system.all_delivered().await;
        assert_in_order(&peers.event_ids(), &system.outbox());
    }
}
