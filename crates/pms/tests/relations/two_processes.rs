//! Two processes on one database, one of which lacks addresses of peers.

use crate::api::mail;
use crate::ca::Authority;
use crate::outbox::assert_in_order;
use crate::peers::Peers;
use crate::process::{pms, run};
use crate::system::{System, eventually};

#[actix_web::test]
async fn a_process_without_addresses_takes_no_row_from_one_that_has_them() {
    let (mut complete, peers) = (System::new(), Peers::start());
    peers.introduce(&mut complete);
    let authority = Authority::new("Root");
    let _complete = complete.start().await;
    // As the complete one, but for notifier and data share.
    let mut bare = complete.beside();
    bare.set("websub.url", &peers.hub.url());
    bare.set("audit.url", &peers.audit.url());
    let _bare = bare.start().await;

    let apis = [bare.api(), complete.api()];
    apis[0].trust(&authority).await.unwrap().response();
    for (number, api) in apis.iter().enumerate() {
        let id = format!("bank-{number}");
        api.onboard(&id, &authority).await;
        for on in [false, true] {
            api.switch_key(&id, on).await.unwrap().response();
        }
    }
    complete.all_delivered().await;

    let rows = complete.outbox();
    assert_in_order(&peers.event_ids(), &rows);
    let sent = peers.notifier.sent();
    for id in ["bank-0", "bank-1"] {
        let mails = sent.iter().filter(|one| one.to == mail(id));
        let queued = rows
            .iter()
            .filter(|row| row.queue == "mail" && row.key == id);
        assert_eq!(mails.count(), queued.count(), "{id}");
    }
    assert_eq!(peers.datashare.shares().len(), 2);
}

#[actix_web::test]
async fn what_waits_for_an_address_is_shown_and_delivered_when_there_is_one() {
    let mut system = System::new();
    let process = system.start().await;
    system.api().register("bank").await.unwrap().response();
    process.stop();
    // What is warned of has waited a while, and a process looks for it when it starts.
    system.sql("UPDATE pms.outbox SET created_at = created_at - interval '1 minute'");
    let process = system.start().await;
    // The page is kept for a second.
    let path = "/v1/partnermanager/actuator/health";
    let who = crate::api::partner("bank");
    eventually("shown", async || {
        let health = system.api().get(&who, path).await;
        let details = health.json()["components"]["outbox"]["details"].clone();
        details["waiting"]["mail"].as_u64() > Some(0)
    })
    .await;
    eventually("warned", async || {
        process.log().contains("not set: notifier.url)")
    })
    .await;
    let metrics = system
        .api()
        .get(&who, "/v1/partnermanager/actuator/prometheus")
        .await;
    let waiting = metrics
        .text
        .lines()
        .find(|line| line.starts_with("outbox_rows_waiting{queue=\"mail\""))
        .map(str::to_owned);
    assert!(!waiting.unwrap().ends_with(" 0"));
    process.stop();

    let peers = Peers::start();
    peers.introduce(&mut system);
    let process = system.start().await;
    system.all_delivered().await;
    process.stop();
    assert!(!peers.notifier.sent().is_empty());
}

#[actix_web::test]
async fn a_request_can_be_found_in_the_list_and_an_unknown_row_is_not_queued_again() {
    let system = System::new();
    let process = system.start().await;
    system.api().register("bank").await.unwrap().response();
    process.stop();
    let request = system.value("SELECT min(request_id) FROM pms.outbox");
    assert_eq!(request.len(), 36, "{request}");

    let url = system.database.url();
    let outbox = |arguments: &[&str]| {
        let mut command = pms();
        command.arg("outbox").args(arguments);
        command.args(["--database-url", &url]);
        command
    };
    assert!(run(&mut outbox(&["list"])).contains(&request));
    let id = system.value("SELECT min(id::text) FROM pms.outbox");
    assert!(run(&mut outbox(&["retry", &id])).contains("Queued again: 1."));
    system.sql("UPDATE pms.outbox SET status = 'delivered'");
    for (id, why) in [
        (
            "00000000-0000-0000-0000-000000000000",
            "there is no row 00000000",
        ),
        (&id, "is delivered and was not queued again"),
    ] {
        let output = outbox(&["retry", id]).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains(why), "{complaint}");
    }
}
