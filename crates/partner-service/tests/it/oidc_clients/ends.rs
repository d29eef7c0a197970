//! A client ends at eSignet whatever is stored of it: people must not go on signing in.

use pms_testkit::Who;
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{CLIENT_ID, Clients, change, owner, with, without};
use crate::support::plain;

/// Rows of the reference and of older releases of eSignet that newer ones do not take.
const STORED: [&str; 5] = [
    "redirect_uris = 'https://app.example/cb?scope=a,b'",
    "redirect_uris = 'no address,https://app.example/cb'",
    "logo_uri = 'https//x', grant_types = 'implicit', auth_methods = ''",
    "claims = 'gone,name,name', acr_values = 'gone'",
    r#"name = '{"@none":"Bank","xyz":"Bank","eng":"A bank with a name that is longer than fifty characters"}'"#,
];

async fn stored(columns: &str) -> Clients {
    let clients = Clients::of(Release::Strict).await;
    clients.created().await;
    clients
        .stage
        .sql(&format!("UPDATE oidc_client SET {columns}"));
    clients
}

fn end() -> Value {
    let long = "A bank with a name that is longer than fifty characters";
    let names = json!({ "eng": long });
    with(
        with(change(), "status", json!("INACTIVE")),
        "clientNameLangMap",
        names,
    )
}

fn ended() -> Value {
    plain(&json!({ "clientId": CLIENT_ID, "status": "INACTIVE" }))
}

fn status(clients: &Clients) -> String {
    clients.esignet.clients()[0].status.clone()
}

#[actix_web::test]
async fn its_owner_and_administrators_end_a_client_whose_details_esignet_refuses() {
    for columns in STORED {
        let clients = stored(columns).await;
        let reply = clients.update(&owner(), end()).await;
        assert_eq!(reply.timeless(), ended(), "{columns}");
        assert_eq!(status(&clients), "INACTIVE", "{columns}");

        let clients = stored(columns).await;
        let path = format!("/oidc/client/{CLIENT_ID}");
        let older = without(end(), "clientNameLangMap");
        let reply = clients.stage.send(&Who::admin(), "PUT", &path, older).await;
        assert_eq!(reply.timeless(), ended(), "{columns}");
        assert_eq!(status(&clients), "INACTIVE", "{columns}");
    }
}

#[actix_web::test]
async fn the_clients_of_a_deactivated_partner_end_at_esignet_whatever_is_stored() {
    for columns in STORED {
        let clients = stored(columns).await;
        let request = json!({ "status": "De-active" });
        let path = "/partners/acme";
        let reply = clients
            .stage
            .send(&Who::admin(), "PATCH", path, request)
            .await;
        assert_eq!(reply.status, 200);

        let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
        clients
            .until("eSignet ends the client", |clients| {
                status(clients) == "INACTIVE"
            })
            .await;
        clients
            .until("the end is delivered at the first try", |clients| {
                let delivered = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client'
                    AND status = 'delivered' AND attempts = 1";
                clients.stage.text(delivered).as_deref() == Some("1")
            })
            .await;
        dispatcher.stop().await;
    }
}

#[actix_web::test]
async fn a_redirect_uri_with_a_comma_reaches_esignet_whole() {
    let clients = stored(STORED[0]).await;

    clients.update(&owner(), end()).await.response();

    let sent = &clients.esignet.clients()[0].client["redirectUris"];
    // The names are too long, so it was sent twice; the second time without the comma.
    let first = &clients.requests()[1].2["redirectUris"];
    assert_eq!(first, &json!(["https://app.example/cb?scope=a,b"]));
    assert_eq!(sent, &json!(["https://app.example/cb?scope=a"]));
}

#[actix_web::test]
async fn a_client_that_esignet_lacks_can_be_ended_and_not_changed() {
    let clients = stored(STORED[0]).await;
    clients.esignet.forget();

    let changed = clients.update(&owner(), change()).await;
    let gone = clients
        .update(&owner(), with(change(), "status", json!("INACTIVE")))
        .await;

    assert_eq!(changed.error().0, "invalid_client_id");
    assert_eq!(gone.timeless(), ended());
}
