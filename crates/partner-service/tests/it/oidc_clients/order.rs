//! The order with eSignet: whatever breaks off, a repetition of the call ends right,
//! and no partner gets a client that another one registered.

use std::time::Duration;

use futures_util::future::join;
use pms_testkit::Who;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::Release;
use serde_json::json;

use super::stage::{CLIENT_ID, Clients, change, owner, request, rsa_key, with};
use crate::support::Row;

const RELEASES: [Release; 3] = [Release::Older, Release::Newer, Release::Strict];

async fn impatient(release: Release) -> Clients {
    Clients::with(release, |builder| {
        builder.setting("esignet.timeout_ms", "500")
    })
    .await
}

/// The client is once here and once at eSignet, and published once.
fn assert_whole(clients: &Clients) {
    assert_eq!(clients.count("oidc_client"), "1");
    assert_eq!(clients.count("oidc_client_intent"), "0");
    assert_eq!(clients.topics(), ["OIDC_CLIENT_CREATED"]);
    let held = clients.esignet.clients();
    assert_eq!(held.len(), 1);
    assert_eq!(
        (held[0].client_id.as_str(), held[0].status.as_str()),
        (CLIENT_ID, "ACTIVE")
    );
}

#[actix_web::test]
async fn a_call_whose_answer_was_lost_is_taken_up_by_the_same_call() {
    for release in RELEASES {
        for fault in [
            Fault::Reset,
            Fault::Slow(Duration::from_secs(2)),
            Fault::Status(502),
            Fault::Body("<html>".to_owned()),
        ] {
            let clients = impatient(release).await;
            clients.esignet.fail(fault.clone());

            let lost = clients.create(&owner(), request()).await;

            assert_eq!(lost.error().0, "PMS_KKS_001", "{fault:?}");
            assert_eq!(clients.count("oidc_client"), "0");
            assert_eq!(clients.topics(), [""; 0]);
            assert_eq!(clients.count("oidc_client_intent"), "1");

            clients.esignet.recover();
            let repeated = clients.create(&owner(), request()).await;

            assert_eq!(
                repeated.response()["clientId"],
                CLIENT_ID,
                "{release:?} {fault:?}"
            );
            assert_whole(&clients);
        }
    }
}

#[actix_web::test]
async fn what_a_killed_process_leaves_is_taken_up_when_its_time_is_over() {
    for (held, release) in [
        (false, Release::Newer),
        (true, Release::Newer),
        (true, Release::Strict),
    ] {
        let clients = impatient(release).await;
        // A first call notes its intent; it is put back to where the kill struck.
        clients.esignet.fail(Fault::Reset);
        clients.create(&owner(), request()).await.error();
        clients.esignet.recover();
        if !held {
            clients.esignet.forget();
        }
        clients.stage.sql(
            "UPDATE oidc_client_intent SET busy_until =
               clock_timestamp() AT TIME ZONE 'UTC' + interval '700 milliseconds'",
        );

        let repeated = clients.create(&owner(), request()).await;

        assert_eq!(repeated.response()["clientId"], CLIENT_ID, "{held}");
        assert_whole(&clients);
    }
}

#[actix_web::test]
async fn a_client_that_can_not_be_stored_is_stored_by_the_next_call() {
    let clients = Clients::start().await;
    // The last step fails: the event can't be queued.
    clients
        .stage
        .sql("ALTER TABLE outbox ADD CONSTRAINT no_events CHECK (lane <> 'event') NOT VALID");
    let failed = clients.create(&owner(), request()).await;
    assert_eq!(failed.error().0, "PMS_PRT_500");
    assert_eq!(clients.esignet.clients().len(), 1);
    assert_eq!(clients.count("oidc_client"), "0");
    clients
        .stage
        .sql("ALTER TABLE outbox DROP CONSTRAINT no_events");

    let repeated = clients.create(&owner(), request()).await;

    assert_eq!(repeated.response()["clientId"], CLIENT_ID);
    assert_whole(&clients);
}

/// Deactivates the partner while eSignet registers the client.
async fn deactivated_meanwhile(clients: &Clients, form: &str) {
    let stop = "UPDATE partner SET is_active = false WHERE id = 'acme'";
    let caller = owner();
    let create = async {
        match form {
            "oauth" => clients.create(&caller, request()).await,
            _ => clients.create_older(&caller, request()).await,
        }
    };
    let refused = clients.stage.send_during(stop, create).await;
    assert_eq!(refused.error().0, "PMS_PMP_016");
    assert_eq!(clients.count("oidc_client"), "0");
    assert_eq!(clients.topics(), [""; 0]);
    assert_eq!(clients.esignet.clients()[0].status, "ACTIVE");
}

#[actix_web::test]
async fn a_client_of_a_partner_that_is_deactivated_meanwhile_ends_at_esignet_by_itself() {
    for release in RELEASES {
        for form in ["oauth", "oidc"] {
            let clients = Clients::of(release).await;
            deactivated_meanwhile(&clients, form).await;

            let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
            clients
                .until("the client ends at eSignet", |clients| {
                    clients.esignet.clients()[0].status == "INACTIVE"
                })
                .await;

            let (method, path, requested) = clients.requests().pop().unwrap();
            assert_eq!(method, "PUT");
            assert_eq!(path, format!("/{form}-client/{CLIENT_ID}"), "{release:?}");
            assert_eq!(
                requested.get("clientNameLangMap").is_some(),
                form == "oauth"
            );
            // The same call takes the client up when the partner is active again.
            clients.stage.sql("UPDATE partner SET is_active = true");
            let again = match form {
                "oauth" => clients.create(&owner(), request()).await,
                _ => clients.create_older(&owner(), request()).await,
            };
            assert_eq!(again.response()["clientId"], CLIENT_ID);
            assert_whole(&clients);
            dispatcher.stop().await;
        }
    }
}

#[actix_web::test]
async fn the_end_is_queued_with_the_records_of_the_refusal_or_not_at_all() {
    let clients = Clients::start().await;
    clients
        .stage
        .sql("ALTER TABLE outbox ADD CONSTRAINT no_ends CHECK (topic <> 'CLIENT_END') NOT VALID");
    deactivated_meanwhile(&clients, "oauth").await;
    clients.stage.assert_audits(&[]);
    clients
        .stage
        .sql("ALTER TABLE outbox DROP CONSTRAINT no_ends; UPDATE partner SET is_active = true");

    let clients = Clients::start().await;
    deactivated_meanwhile(&clients, "oauth").await;
    clients
        .stage
        .assert_audits(&[("PMS_PRT_302", CLIENT_ID, "clientID")]);
    let queued = clients.stage.app.database.queued("oidc-client");
    assert_eq!(queued.len(), 1);
    assert_eq!(queued[0].1["unstored"]["change"]["status"], "INACTIVE");
}

#[actix_web::test]
async fn an_end_that_is_delivered_late_leaves_the_client_of_a_repeated_call_alone() {
    let clients = Clients::start().await;
    deactivated_meanwhile(&clients, "oauth").await;
    clients.stage.sql("UPDATE partner SET is_active = true");
    clients.create(&owner(), request()).await.response();

    let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
    clients
        .until("the queue is empty", |clients| {
            let left = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client'
                AND status <> 'delivered'";
            clients.stage.text(left).as_deref() == Some("0")
        })
        .await;
    dispatcher.stop().await;

    assert_whole(&clients);
}

#[actix_web::test]
async fn two_calls_with_the_same_key_at_once_make_one_client() {
    for release in RELEASES {
        let clients = Clients::of(release).await;
        clients
            .esignet
            .fail(Fault::Slow(Duration::from_millis(300)));

        let caller = owner();
        let (one, other) = join(
            clients.create(&caller, request()),
            clients.create(&caller, request()),
        )
        .await;

        let mut codes: Vec<String> = [&one, &other]
            .iter()
            .map(|reply| {
                let code = &reply.json()["errors"][0]["errorCode"];
                code.as_str().unwrap_or("created").to_owned()
            })
            .collect();
        codes.sort();
        assert_eq!(codes, ["PMS_ESI_001", "created"], "{release:?}");
        assert_whole(&clients);
    }
}

#[actix_web::test]
async fn a_client_that_esignet_has_of_others_is_not_given_to_who_posts_its_key() {
    for (release, code) in [
        (Release::Newer, "duplicate_client_id"),
        (Release::Strict, "invalid_public_key"),
    ] {
        let clients = impatient(release).await;
        clients.esignet.put_client(&json!({
            "clientId": CLIENT_ID, "relyingPartyId": "victim", "publicKey": rsa_key(),
            "redirectUris": ["https://victim.example"],
        }));

        // However often, and also twice at once.
        for _ in 0..3 {
            let caller = owner();
            let (one, other) = join(
                clients.create(&caller, request()),
                clients.create(&caller, request()),
            )
            .await;
            assert_eq!(
                (one.error().0.as_str(), other.error().0.as_str()),
                (code, code)
            );
        }

        let held = &clients.esignet.clients()[0].client;
        assert_eq!(held["redirectUris"], json!(["https://victim.example"]));
        assert_eq!(clients.count("oidc_client"), "0");
        assert_eq!(clients.count("oidc_client_intent"), "0");
    }
}

#[actix_web::test]
async fn only_the_same_partner_with_the_same_details_takes_up_a_lost_call() {
    // This release does not tell whose a client is.
    let clients = Clients::of(Release::Older).await;
    clients.stage.partner(&Row {
        id: "rival",
        user: "rival",
        email: "rival@example.org",
        ..Row::default()
    });
    clients.stage.mapping("m-2", "rival", "p-1", "approved");
    let rival = Who::user("rival", &["AUTH_PARTNER"]);
    let of_rival = || with(request(), "authPartnerId", json!("rival"));
    clients.esignet.fail(Fault::Reset);
    clients.create(&owner(), request()).await.error();
    clients.esignet.recover();

    for _ in 0..2 {
        let theirs = clients.create(&rival, of_rival()).await;
        assert_eq!(theirs.error().0, "duplicate_client_id");
    }
    let other = with(
        request(),
        "redirectUris",
        json!(["https://elsewhere.example"]),
    );
    let changed = clients.create(&owner(), other).await;
    assert_eq!(changed.error().0, "duplicate_client_id");

    let same = clients.create(&owner(), request()).await;
    assert_eq!(same.response()["clientId"], CLIENT_ID);
    assert_whole(&clients);
}

#[actix_web::test]
async fn what_esignet_refuses_leaves_nothing() {
    let clients = Clients::start().await;
    let refused = with(request(), "grantTypes", json!(["implicit"]));
    let reply = clients.create(&owner(), refused).await;
    assert_eq!(
        reply.timeless(),
        crate::support::refused(
            "unsupported_grant_type",
            "request.grantTypes[0]: unsupported_grant_type"
        )
    );
    let away = Fault::Status(403);
    clients.esignet.fail(away);
    assert_eq!(
        clients.create(&owner(), request()).await.error().0,
        "PMS_KKS_001"
    );
    for (body, code) in [
        (r#"{"response":null,"errors":[]}"#, "PMS_PRT_500"),
        (r#"{"response":null}"#, "PMS_PRT_107"),
    ] {
        clients.esignet.fail(Fault::Body(body.to_owned()));
        assert_eq!(clients.create(&owner(), request()).await.error().0, code);
    }
    let failed = ("PMS_PRT_302", CLIENT_ID, "clientID");
    clients.stage.assert_audits(&[failed; 4]);
    assert_eq!(clients.esignet.clients().len(), 0);

    clients.esignet.recover();
    clients.create(&owner(), request()).await.response();
    clients.stage.sql("DELETE FROM outbox WHERE lane = 'audit'");
    assert_whole(&clients);
}

#[actix_web::test]
async fn an_update_of_a_partner_that_is_deactivated_meanwhile_is_taken_back_with_the_refusal() {
    let clients = Clients::start().await;
    clients.created().await;
    let stop = "UPDATE partner SET is_active = false WHERE id = 'acme'";

    let caller = owner();
    let update = clients.update(&caller, change());
    let refused = clients.stage.send_during(stop, update).await;

    assert_eq!(refused.error().0, "PMS_PMP_016");
    clients
        .stage
        .assert_audits(&[("PMS_PRT_305", CLIENT_ID, "clientID")]);
    let queued = clients.stage.app.database.queued("oidc-client");
    let update = ("CLIENT_UPDATE".to_owned(), json!({ "clientId": CLIENT_ID }));
    assert_eq!(queued, [update]);
    let together = "SELECT count(DISTINCT xmin::text) FROM outbox
        WHERE lane IN ('oidc-client', 'audit')";
    assert_eq!(clients.stage.text(together).as_deref(), Some("1"));
}

#[actix_web::test]
async fn an_update_that_can_not_be_stored_is_taken_back_at_esignet() {
    let clients = Clients::start().await;
    clients.created().await;
    clients
        .stage
        .sql("ALTER TABLE outbox ADD CONSTRAINT no_events CHECK (lane <> 'event') NOT VALID");

    let failed = clients.update(&owner(), change()).await;

    assert_eq!(failed.error().0, "PMS_PRT_500");
    assert_eq!(
        clients.column("logo_uri").as_deref(),
        Some("https://acme.example/logo.png")
    );
    let queued = clients.stage.app.database.queued("oidc-client");
    let update = ("CLIENT_UPDATE".to_owned(), json!({ "clientId": CLIENT_ID }));
    assert_eq!(queued, [update]);
    clients
        .stage
        .sql("ALTER TABLE outbox DROP CONSTRAINT no_events");

    let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
    clients
        .until("eSignet gets what is stored", |clients| {
            let held = &clients.esignet.clients()[0].client;
            held["logoUri"] == "https://acme.example/logo.png"
        })
        .await;
    dispatcher.stop().await;
    // And the same call again ends right.
    clients.update(&owner(), change()).await.response();
    assert_eq!(
        clients.esignet.clients()[0].client["logoUri"],
        "https://acme.example/new.png"
    );
}
