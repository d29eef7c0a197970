//! Clients that eSignet has and that no table here knows.

use futures_util::future::join;
use pms_testkit::Who;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{CLIENT_ID, Clients, owner, request, rsa_key, with};
use crate::support::Row;

/// What the reference left at eSignet for this partner.
fn left_behind(clients: &Clients, partner: &str) {
    clients.esignet.put_client(&json!({
        "clientId": CLIENT_ID, "relyingPartyId": partner, "publicKey": rsa_key(),
        "redirectUris": ["https://before.example"],
    }));
}

fn redirects(clients: &Clients) -> Value {
    clients.esignet.clients()[0].client["redirectUris"].clone()
}

/// The client is here and at eSignet, with what was asked for.
fn assert_taken_up(clients: &Clients) {
    assert_eq!(clients.count("oidc_client"), "1");
    assert_eq!(clients.count("oidc_client_intent"), "0");
    assert_eq!(clients.topics(), ["OIDC_CLIENT_CREATED"]);
    assert_eq!(clients.esignet.clients().len(), 1);
    assert_eq!(redirects(clients), request()["redirectUris"]);
    assert_eq!(clients.esignet.clients()[0].status, "ACTIVE");
}

/// Nothing is here, and eSignet has the client as it was.
fn assert_left_alone(clients: &Clients) {
    assert_eq!(clients.count("oidc_client"), "0");
    assert_eq!(clients.topics(), [""; 0]);
    assert_eq!(redirects(clients), json!(["https://before.example"]));
}

#[actix_web::test]
async fn a_client_that_esignet_has_of_the_partner_is_taken_up_by_it() {
    for release in [Release::Newer, Release::Strict] {
        for form in ["oauth", "oidc"] {
            let clients = Clients::of(release).await;
            left_behind(&clients, "acme");

            let reply = match form {
                "oauth" => clients.create(&owner(), request()).await,
                _ => clients.create_older(&owner(), request()).await,
            };

            assert_eq!(reply.response()["clientId"], CLIENT_ID, "{release:?}");
            assert_taken_up(&clients);
        }
    }
}

#[actix_web::test]
async fn a_client_that_esignet_has_of_another_is_not_given_to_an_administrator_either() {
    let clients = Clients::of(Release::Newer).await;
    left_behind(&clients, "victim");

    let reply = clients.create(&Who::admin(), request()).await;

    assert_eq!(reply.error().0, "duplicate_client_id");
    assert_left_alone(&clients);
    assert_eq!(clients.count("oidc_client_intent"), "0");
}

#[actix_web::test]
async fn where_esignet_does_not_tell_whose_a_client_is_an_administrator_decides() {
    let clients = Clients::of(Release::Older).await;
    left_behind(&clients, "acme");

    for _ in 0..2 {
        let refused = clients.create(&owner(), request()).await;
        assert_eq!(refused.error().0, "duplicate_client_id");
        assert_left_alone(&clients);
        assert_eq!(clients.count("oidc_client_intent"), "0");
    }

    let reply = clients.create(&Who::admin(), request()).await;

    assert_eq!(reply.response()["clientId"], CLIENT_ID);
    assert_taken_up(&clients);
}

#[actix_web::test]
async fn an_administrator_does_not_take_what_a_lost_call_of_another_partner_may_have_made() {
    let clients = Clients::of(Release::Older).await;
    clients.stage.partner(&Row {
        id: "rival",
        user: "rival",
        email: "rival@example.org",
        ..Row::default()
    });
    clients.stage.mapping("m-2", "rival", "p-1", "approved");
    let of_rival = || with(request(), "authPartnerId", json!("rival"));
    clients.esignet.fail(Fault::Reset);
    clients.create(&owner(), request()).await.error();
    clients.esignet.recover();

    let reply = clients.create(&Who::admin(), of_rival()).await;

    assert_eq!(reply.error().0, "duplicate_client_id");
    let own = clients.create(&owner(), request()).await;
    assert_eq!(own.response()["clientId"], CLIENT_ID);
    assert_eq!(
        clients.esignet.clients()[0].client["relyingPartyId"],
        "acme"
    );
}

#[actix_web::test]
async fn details_that_esignet_does_not_take_leave_the_client_alone() {
    let clients = Clients::of(Release::Newer).await;
    left_behind(&clients, "acme");
    let odd = with(request(), "grantTypes", json!(["implicit"]));

    let refused = clients.create(&owner(), odd).await;

    assert_eq!(refused.error().0, "unsupported_grant_type");
    assert_left_alone(&clients);
    assert_eq!(clients.count("oidc_client_intent"), "0");
}

#[actix_web::test]
async fn a_refusal_is_noted_as_soon_as_the_database_is_back() {
    let clients = Clients::of(Release::Older).await;
    left_behind(&clients, "victim");
    clients.stage.sql(
        "CREATE SEQUENCE pms.tries;
         CREATE FUNCTION pms.away() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN PERFORM nextval('pms.tries'); RAISE EXCEPTION 'away'; END $$;
         CREATE TRIGGER away BEFORE INSERT ON pms.oidc_client_held
           FOR EACH ROW EXECUTE FUNCTION pms.away()",
    );
    let back = async {
        clients
            .until("it is tried often", |clients| {
                let often = "SELECT (last_value > 5)::text FROM pms.tries";
                clients.stage.text(often).as_deref() == Some("true")
            })
            .await;
        clients
            .stage
            .sql("DROP TRIGGER away ON pms.oidc_client_held");
    };

    let caller = owner();
    let (refused, ()) = join(clients.create(&caller, request()), back).await;

    assert_eq!(refused.error().0, "duplicate_client_id");
    assert_eq!(clients.count("oidc_client_intent"), "0");
    assert_eq!(clients.count("oidc_client_held"), "1");
    assert_left_alone(&clients);
}
