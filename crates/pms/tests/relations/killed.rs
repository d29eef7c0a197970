//! SIGKILL while users are at work.

use std::cell::{Cell, RefCell};

use crate::api::mail;
use crate::ca::Authority;
use crate::outbox::{Row, assert_in_order};
use crate::peers::Peers;
use crate::system::{System, eventually};

/// Calls that were acknowledged before the kill.
#[derive(Default)]
struct Acknowledged {
    registered: RefCell<Vec<String>>,
    certified: RefCell<Vec<String>>,
    switched: Cell<usize>,
}

impl Acknowledged {
    fn are_enough(&self) -> bool {
        self.registered.borrow().len() > 4
            && self.certified.borrow().len() > 1
            && self.switched.get() > 4
    }
}

/// Works until there is no answer any more.
async fn work(system: &System, authority: &Authority, round: u32, done: &Acknowledged) {
    let api = system.api();
    let registering = async {
        for number in 0.. {
            let id = format!("new-{round}-{number}");
            let Ok(reply) = api.register(&id).await else {
                break;
            };
            reply.response();
            done.registered.borrow_mut().push(id);
        }
    };
    let certifying = async {
        for number in 0.. {
            let id = format!("full-{round}-{number}");
            let Ok(reply) = api.register(&id).await else {
                break;
            };
            reply.response();
            done.registered.borrow_mut().push(id.clone());
            let Ok(reply) = api.certify(&id, authority).await else {
                break;
            };
            reply.response();
            done.certified.borrow_mut().push(id);
        }
    };
    let switching = async {
        // The last switch before a kill may have happened or not.
        let query = "SELECT is_active FROM pms.partner_policy WHERE part_id = 'steady'";
        let mut on = system.value(query) != "true";
        while let Ok(reply) = api.switch_key("steady", on).await {
            reply.response();
            done.switched.set(done.switched.get() + 1);
            on = !on;
        }
    };
    tokio::join!(registering, certifying, switching);
}

#[actix_web::test]
async fn what_was_acknowledged_before_a_kill_is_published_after_it() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    let authority = Authority::new("Root");
    let mut process = system.start().await;
    system.api().trust(&authority).await.unwrap().response();
    system.api().onboard("steady", &authority).await;
    let done = Acknowledged::default();
    let before = switches(&system.outbox()).len();

    for round in 0..2 {
        let round_done = Acknowledged::default();
        let kill = async {
            eventually("users at work", async || round_done.are_enough()).await;
            process.kill();
        };
        tokio::join!(work(&system, &authority, round, &round_done), kill);
        let registered = round_done.registered.take();
        done.registered.borrow_mut().extend(registered);
        let certified = round_done.certified.take();
        done.certified.borrow_mut().extend(certified);
        done.switched
            .set(done.switched.get() + round_done.switched.get());
        process = system.start().await;
    }
    system.all_delivered().await;
    process.stop();

    let rows = system.outbox();
    assert_in_order(&peers.event_ids(), &rows);
    assert_registrations(&system, &peers, &done.registered.borrow());
    assert_certificates(&system, &peers, &done.certified.borrow());
    // One switch per round may have happened without an answer.
    let switched = switches(&rows);
    let extra = (switched.len() - before) - done.switched.get();
    assert!(extra <= 2, "{extra}");
    let alternates = switched.windows(2).all(|two| two[0] != two[1]);
    assert!(alternates, "{switched:?}");
}

/// Statuses of the steady partner's key, as they were published.
fn switches(rows: &[Row]) -> Vec<String> {
    let reported = rows
        .iter()
        .filter(|row| row.topic == "APIKEY_UPDATED" && row.key == "steady");
    reported
        .map(|row| row.payload["event"]["data"]["apiKeyData"]["apiKeyStatus"].to_string())
        .collect()
}

/// Every partner there is was welcomed and audited, and every acknowledged one
/// is there.
fn assert_registrations(system: &System, peers: &Peers, acknowledged: &[String]) {
    let there = system
        .column("SELECT id AS found FROM pms.partner WHERE id LIKE 'new-%' OR id LIKE 'full-%'");
    let (sent, records) = (peers.notifier.sent(), peers.audit.records());
    for id in acknowledged {
        assert!(there.contains(id), "{id}");
    }
    for id in &there {
        assert!(sent.iter().any(|one| one.to == mail(id)), "mail to {id}");
        let audited = records
            .iter()
            .any(|record| record["eventId"] == "PMS_PRT_201" && record["id"] == **id);
        assert!(audited, "audit of {id}");
    }
}

/// Every active partner was published with its certificate, and every acknowledged
/// one is active.
fn assert_certificates(system: &System, peers: &Peers, acknowledged: &[String]) {
    let active =
        system.column("SELECT id AS found FROM pms.partner WHERE id LIKE 'full-%' AND is_active");
    let events = peers.events();
    for id in acknowledged {
        assert!(active.contains(id), "{id}");
    }
    for id in &active {
        let reported = events.iter().any(|event| {
            let data = &event["event"]["data"]["partnerData"];
            data["partnerId"] == **id && data["certificateData"] != ""
        });
        assert!(reported, "event of {id}");
    }
    let chains = events.iter();
    let chains = chains.filter(|event| event["topic"] == "CA_CERTIFICATE_UPLOADED");
    assert!(
        chains.count() > active.len(),
        "one each, and the first partner's"
    );
}
