//! The ends of a partner's clients reach eSignet through the queue.

use std::time::Duration;

use pms_database::{Stamp, oidc_clients};
use pms_testkit::Who;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::Release;
use serde_json::json;

use super::stage::{CLIENT_ID, Clients, NOW, other_key, owner, request, with};

async fn given(release: Release) -> Clients {
    let clients = Clients::with(release, |builder| {
        builder
            .setting("outbox.retry_first_ms", "20")
            .setting("outbox.retry_longest_ms", "50")
            .setting("esignet.timeout_ms", "300")
    })
    .await;
    clients.created().await;
    let older = with(request(), "publicKey", other_key(1));
    clients.create_older(&owner(), older).await.response();
    clients.stage.forget();
    clients
}

fn deactivate(clients: &Clients) -> usize {
    let at = NOW.trim_end_matches('Z').parse().unwrap();
    let mut conn = clients.stage.app.database.conn();
    let stamp = Stamp::new("admin", at);
    let ended = oidc_clients::deactivate_of_partner(&mut conn, "acme", &stamp);
    ended.unwrap().len()
}

fn all_inactive(clients: &Clients) -> bool {
    let held = clients.esignet.clients();
    held.iter().all(|client| client.status == "INACTIVE")
}

#[actix_web::test]
async fn clients_of_a_partner_end_here_at_once_and_at_esignet_in_their_dialects() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = given(release).await;
        clients.esignet.fail(Fault::Status(503));

        assert_eq!(deactivate(&clients), 2);
        assert_eq!(deactivate(&clients), 0, "nothing is left to end");

        let rows = clients
            .stage
            .rows("SELECT DISTINCT status, upd_by FROM oidc_client");
        assert_eq!(rows, json!([{ "status": "INACTIVE", "upd_by": "admin" }]));
        assert_eq!(clients.topics(), ["OIDC_CLIENT_UPDATED"; 2]);
        let keys = "SELECT count(DISTINCT order_key) FROM outbox WHERE lane = 'oidc-client'";
        assert_eq!(clients.stage.text(keys).as_deref(), Some("2"));

        let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
        clients
            .until("eSignet is asked in vain", |clients| {
                let tried = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client'
                    AND attempts > 1";
                clients.stage.text(tried).as_deref() == Some("2")
            })
            .await;
        assert!(!all_inactive(&clients));
        clients.esignet.recover();
        clients.until("eSignet hears of it", all_inactive).await;
        dispatcher.stop().await;

        let dialects: Vec<bool> = clients
            .esignet
            .clients()
            .iter()
            .map(|client| client.client.contains_key("clientNameLangMap"))
            .collect();
        assert_eq!(dialects, [true, false]);
        let paths: Vec<String> = clients
            .requests()
            .into_iter()
            .map(|(_, path, _)| path)
            .collect();
        assert!(
            paths.contains(&format!("/oauth-client/{CLIENT_ID}")),
            "{paths:?}"
        );
        assert!(
            paths.iter().any(|path| path.starts_with("/oidc-client/")),
            "{paths:?}"
        );
    }
}

#[actix_web::test]
async fn a_deactivation_is_accepted_by_every_esignet_in_the_dialects_of_the_clients() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = given(release).await;
        let before = clients.requests().len();
        let request = json!({ "status": "De-active" });
        let reply = clients
            .stage
            .send(&Who::admin(), "PATCH", "/partners/acme", request)
            .await;
        assert_eq!(reply.status, 200);
        assert!(!all_inactive(&clients));

        let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
        clients.until("eSignet hears of it", all_inactive).await;
        dispatcher.stop().await;

        let mut requested = clients.requests().split_off(before);
        requested.sort_by(|one, other| one.1.cmp(&other.1));
        let record = |names: Option<serde_json::Value>| {
            let mut record = json!({
                "logoUri": "https://acme.example/logo.png",
                "redirectUris": ["https://acme.example/back", "acme.app://back"],
                "status": "INACTIVE",
                "grantTypes": ["authorization_code"],
                "clientName": "Bank",
                "userClaims": ["name", "gender"],
                "authContextRefs": ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
                "clientAuthMethods": ["private_key_jwt"],
            });
            if let Some(names) = names {
                record["clientNameLangMap"] = names;
            }
            record
        };
        let held = clients.esignet.clients();
        let put = |kind: &str, index: usize, record| {
            let path = format!("/{kind}/{}", held[index].client_id);
            ("PUT".to_owned(), path, record)
        };
        let names = json!({ "eng": "Bank", "fra": "Banque" });
        // Each once, so the first was accepted.
        assert_eq!(
            requested,
            [
                put("oauth-client", 0, record(Some(names))),
                put("oidc-client", 1, record(None)),
            ],
            "{release:?}"
        );
        let delivered = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client'
            AND status = 'delivered' AND attempts = 1";
        clients
            .until("both are delivered at the first try", |clients| {
                clients.stage.text(delivered).as_deref() == Some("2")
            })
            .await;
    }
}

#[actix_web::test]
async fn a_lost_answer_is_repeated_and_a_client_that_esignet_lacks_has_ended() {
    let clients = given(Release::Newer).await;
    clients.esignet.fail(Fault::Slow(Duration::from_secs(1)));
    deactivate(&clients);
    let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
    clients
        .until("the first answers are lost", |clients| {
            let tried = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client' AND attempts > 0";
            clients.stage.text(tried).as_deref() == Some("2")
        })
        .await;
    clients.esignet.forget();
    clients.esignet.recover();

    clients
        .until("nothing is left to tell", |clients| {
            let left = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client'
                AND status <> 'delivered'";
            clients.stage.text(left).as_deref() == Some("0")
        })
        .await;
    dispatcher.stop().await;
}
