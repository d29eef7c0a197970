//! Peers that take what they get and answer far too late.

use pms_testkit::peers::Behaviour;

use crate::ca::Authority;
use crate::outbox::assert_in_order;
use crate::peers::{Peers, TOO_SLOW};
use crate::system::System;

/// A call that waited for a peer would wait this long: longer than the client of
/// these tests waits for its answer.
const PATIENCE_MS: &str = "90000";

#[actix_web::test]
async fn no_call_and_no_other_queue_waits_for_a_slow_peer() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    system.set("outbox.timeout_ms", PATIENCE_MS);
    system.set("outbox.lease_seconds", "100");
    let (api, authority) = (system.api(), Authority::new("Root"));
    let _process = system.start().await;

    // All but the Audit Manager are slow.
    peers.fail_but_audit(Behaviour::Hang, &TOO_SLOW);
    api.trust(&authority).await.unwrap().response();
    api.onboard("bank-one", &authority).await;
    api.switch_key("bank-one", false).await.unwrap().response();
    system.queues_delivered(&["audit"]).await;
    assert_eq!(system.count("event", "delivered"), 0);
    assert_eq!(system.count("mail", "delivered"), 0);

    // The other way round.
    peers.recover();
    system.all_delivered().await;
    peers.audit.fail(TOO_SLOW);
    api.switch_key("bank-one", true).await.unwrap().response();
    system
        .queues_delivered(&["event", "trust-chain", "mail"])
        .await;
    assert!(system.count("audit", "pending") > 0);

    peers.audit.recover();
    system.all_delivered().await;
    assert_in_order(&peers.event_ids(), &system.outbox());
}
