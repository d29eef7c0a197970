//! Mails go out by the notification service, with the texts of the master data.

use crate::api::mail;
use crate::ca::Authority;
use crate::peers::Peers;
use crate::system::System;

#[actix_web::test]
async fn each_occasion_is_one_mail_in_the_operators_words_or_ours() {
    let (mut system, peers) = (System::new(), Peers::start());
    peers.introduce(&mut system);
    peers
        .templates
        .put("eng", "partner-reg-sub-template", "Welcome $partnerName");
    let (api, authority) = (system.api(), Authority::new("Root"));
    let _process = system.start().await;

    api.trust(&authority).await.unwrap().response();
    api.onboard("bank-one", &authority).await;
    api.switch_key("bank-one", false).await.unwrap().response();
    api.deactivate("bank-one").await.unwrap().response();
    system.all_delivered().await;

    let sent = peers.notifier.sent();
    let rows = system.outbox();
    let occasions: Vec<&str> = rows
        .iter()
        .filter(|row| row.queue == "mail")
        .map(|row| row.topic.as_str())
        .collect();
    let expected = [
        "PARTNER_REGISTRED",
        "APIKEY_STATUS_UPDATED",
        "PARTNER_UPDATED",
    ];
    assert_eq!(occasions, expected);
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert!(sent.iter().all(|one| one.to == mail("bank-one")));
    assert_eq!(sent[0].subject, "Welcome bank-one Ltd");
    let texts = |one: &pms_testkit::peers::SentMail| format!("{}\n{}", one.subject, one.content);
    for one in &sent {
        assert!(!texts(one).contains('$'), "merged: {one:?}");
        assert!(one.content.contains("bank-one"), "{one:?}");
    }
    // The address is nowhere but in the mail.
    let stored = "SELECT count(*) FROM pms.outbox WHERE payload::text LIKE '%mail.example.org%'";
    assert_eq!(system.value(stored), "0");
}
