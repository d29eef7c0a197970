//! Peers that are down for a whole run of ours.

use pms_database::outbox::Queue;

use crate::api::mail;
use crate::ca::Authority;
use crate::outbox::{assert_in_order, by_key};
use crate::peers::{Peers, nobody};
use crate::system::{System, eventually};

#[actix_web::test]
async fn everything_waits_for_a_later_run_and_arrives_once_and_in_order() {
    let mut system = System::new();
    nobody(&mut system);
    let (api, authority) = (system.api(), Authority::new("Root"));
    let process = system.start().await;

    // Every call succeeds, or this panics.
    api.trust(&authority).await.unwrap().response();
    for id in ["bank-one", "bank-two"] {
        api.onboard(id, &authority).await;
        for on in [false, true, false] {
            api.switch_key(id, on).await.unwrap().response();
        }
    }
    api.deactivate("bank-two").await.unwrap().response();
    eventually("tried", async || {
        let untried = "SELECT count(*) FROM pms.outbox WHERE is_head AND attempts = 0 AND lane <> 'trust-chain'";
        system.value(untried) == "0"
    })
    .await;
    process.stop();

    let rows = system.outbox();
    let waiting = "SELECT count(*) FROM pms.outbox WHERE status <> 'pending'";
    assert_eq!(system.value(waiting), "0", "nothing is lost or given up");
    // Certificate, API key, three switches; and the end of one partner.
    let events = by_key(&rows, Queue::Event);
    assert_eq!((events["bank-one"].len(), events["bank-two"].len()), (5, 6));
    let chains = by_key(&rows, Queue::TrustChain);
    assert_eq!((chains["bank-one"].len(), chains["bank-two"].len()), (1, 1));
    let mails = rows.iter().filter(|row| row.queue == "mail").count();
    assert_eq!(mails, 2 + 6 + 1);

    let peers = Peers::start();
    peers.introduce(&mut system);
    let process = system.start().await;
    system.all_delivered().await;
    process.stop();

    let came = peers.events();
    let came: Vec<String> = came
        .iter()
        .map(|event| event["event"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_in_order(&came, &rows);
    assert_eq!(peers.datashare.shares().len(), 2);
    let to = |id: &str| {
        let sent = peers.notifier.sent().into_iter();
        sent.filter(|one| one.to == mail(id)).count()
    };
    assert_eq!((to("bank-one"), to("bank-two")), (4, 5));
    let mut taken: Vec<String> = peers
        .audit
        .records()
        .iter()
        .map(|record| format!("{} {}", record["eventId"], record["id"]))
        .collect();
    let mut noted: Vec<String> = rows
        .iter()
        .filter(|row| row.queue == "audit")
        .map(|row| format!("{} {}", row.payload["eventId"], row.payload["id"]))
        .collect();
    taken.sort();
    noted.sort();
    assert_eq!(taken, noted);
}
