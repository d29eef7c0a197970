//! Peers that take what they get and answer far too late.

use std::time::Duration;

use pms_testkit::peers::Behaviour;

use crate::api::timed;
use crate::ca::Authority;
use crate::outbox::assert_in_order;
use crate::peers::{Peers, TOO_SLOW};
use crate::system::System;

/// A call that waited for a peer would wait this long.
const PATIENCE: Duration = Duration::from_secs(15);

#[actix_web::test]
async fn no_call_and_no_other_queue_waits_for_a_slow_peer() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    let patience = PATIENCE.as_millis().to_string();
    system.set("outbox.timeout_ms", &patience);
    system.set("outbox.lease_seconds", "18");
    let (api, authority) = (system.api(), Authority::new("Root"));
    let _process = system.start().await;

    // All but the Audit Manager are slow.
    peers.fail_but_audit(Behaviour::Hang, &TOO_SLOW);
    let mut slowest = timed(api.trust(&authority)).await;
    slowest = slowest.max(api.onboard("bank-one", &authority).await);
    slowest = slowest.max(timed(api.switch_key("bank-one", false)).await);
    system.queues_delivered(&["audit"]).await;
    assert_eq!(system.count("event", "delivered"), 0);
    assert_eq!(system.count("mail", "delivered"), 0);
    assert!(slowest < PATIENCE, "{slowest:?}");

    // The other way round.
    peers.recover();
    system.all_delivered().await;
    peers.audit.fail(TOO_SLOW);
    let switched = timed(api.switch_key("bank-one", true)).await;
    assert!(switched < PATIENCE, "{switched:?}");
    system
        .queues_delivered(&["event", "trust-chain", "mail"])
        .await;
    assert!(system.count("audit", "pending") > 0);

    peers.audit.recover();
    system.all_delivered().await;
    assert_in_order(&peers.event_ids(), &system.outbox());
}
