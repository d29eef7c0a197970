//! eSignet is away, slow, wrong or out of order.

use std::net::TcpListener;
use std::time::Duration;

use pms_database::Clock;
use pms_domain::{BusinessError, ErrorDef, WireError};
use pms_integrations::Esignet;
use pms_integrations::esignet::{
    EsignetAddresses, EsignetOptions, UPDATE_UNREACHABLE, Unregistered,
};
use pms_integrations::key_manager::{NO_RESPONSE, UNREACHABLE, UNUSABLE};
use pms_testkit::logs;
use pms_testkit::peers::{Behaviour, Fault, RecordingPeer};
use pms_testkit::waiting::eventually;
use serde_json::json;

use crate::esignet::{CLIENT_ID, Place, change, new_client, reconcile};
use crate::stage::{client, token};

fn refused(error: ErrorDef) -> Result<(), Unregistered> {
    Err(Unregistered::Refused(error.into()))
}

fn unknown(error: ErrorDef) -> Result<(), Unregistered> {
    Err(Unregistered::Unknown(error.into()))
}

/// An address where no server listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Far longer than anything here waits: a client that waited would get the answer.
const TOO_SLOW: Fault = Fault::Slow(Duration::from_secs(600));

fn impatient(place: &Place) -> Esignet {
    place.client_with(EsignetOptions {
        timeout: Duration::from_millis(300),
        ..place.options()
    })
}

#[actix_web::test]
async fn what_was_surely_not_done_is_refused() {
    let place = Place::new();
    let at = |base: &str| {
        place.client_with(EsignetOptions {
            addresses: EsignetAddresses::below(base),
            ..place.options()
        })
    };
    let without_token = Esignet::new(client(), token(&nobody()), place.options(), Clock::system());
    for esignet in [at(&nobody()), at(""), without_token] {
        assert_eq!(esignet.create(&new_client()).await, refused(UNREACHABLE));
        assert_eq!(
            esignet.update(CLIENT_ID, &change()).await,
            Err(UPDATE_UNREACHABLE.into())
        );
        assert_eq!(esignet.supported_claims().await, Err(UNREACHABLE.into()));
    }
    for status in [301, 400, 404, 429] {
        place.esignet.fail(Fault::Status(status));
        let esignet = place.client();
        assert_eq!(esignet.create(&new_client()).await, refused(UNREACHABLE));
        assert_eq!(
            esignet.update(CLIENT_ID, &change()).await,
            Err(UPDATE_UNREACHABLE.into())
        );
    }
}

#[actix_web::test]
async fn the_log_tells_for_each_address_that_its_calls_fail() {
    const CALLS: usize = 5;
    let place = Place::new();
    let (management, documents) = (nobody(), nobody());
    let mut addresses = EsignetAddresses::below(&management);
    addresses.discovery = EsignetAddresses::below(&documents).discovery;
    let options = place.options();
    let esignet = place.client_with(EsignetOptions {
        addresses,
        ..options
    });
    let of = |origin: &str| [format!("cause=\"can't connect: {origin}\"")];
    logs::watch(&of(&management));
    logs::watch(&of(&documents));

    for _ in 0..CALLS {
        esignet.create(&new_client()).await.unwrap_err();
        esignet.supported_claims().await.unwrap_err();
    }

    for origin in [&management, &documents] {
        let told = || {
            let lines = logs::holding(&of(origin));
            let counted = lines.iter().map(|line| {
                let lines = line.split_once(" lines=").map(|(_, lines)| lines.trim());
                lines.map_or(1, |lines| lines.parse::<usize>().unwrap())
            });
            (lines.len(), counted.sum::<usize>())
        };
        eventually("all failures are told of", async || told().1 >= CALLS).await;
        assert_eq!(told().1, CALLS);
        assert!(told().0 < CALLS);
    }
}

#[actix_web::test]
async fn a_lost_answer_leaves_the_outcome_of_a_create_open_and_is_not_repeated() {
    let lost = [
        TOO_SLOW,
        Fault::Reset,
        Fault::Status(500),
        Fault::Status(503),
        Fault::Body("<html>out of order</html>".to_owned()),
        Fault::Body(String::new()),
        Fault::Body("x".repeat(2 * 1024 * 1024)),
    ];
    for fault in lost {
        let place = Place::new();
        place.esignet.fail(fault.clone());

        let created = impatient(&place).create(&new_client()).await;

        assert_eq!(created, unknown(UNREACHABLE), "{fault:?}");
        assert_eq!(place.esignet.recorded().len(), 1, "{fault:?}");
    }
}

#[actix_web::test]
async fn a_lost_create_is_reconciled_whether_it_came_through_or_not() {
    for fault in [Fault::Reset, Fault::Status(500)] {
        let place = Place::new();
        place.esignet.fail(fault.clone());
        let created = place.client().create(&new_client()).await;
        assert_eq!(created, unknown(UNREACHABLE));
        place.esignet.recover();
        // Another process: it remembers nothing but what the caller does.
        let esignet = place.client();
        let mut later = new_client();
        later.redirect_uris = vec!["https://bank.example/other".to_owned()];

        // As often as one likes.
        reconcile(&esignet, &later).await.unwrap();
        reconcile(&esignet, &later).await.unwrap();

        let [client] = place.esignet.clients().try_into().unwrap();
        assert_eq!(client.status, "ACTIVE");
        assert_eq!(
            client.client["redirectUris"],
            json!(["https://bank.example/other"]),
            "{fault:?}"
        );
    }
}

#[actix_web::test]
async fn a_duplicate_is_no_success_for_a_call_that_only_creates() {
    let place = Place::new();
    let esignet = place.client();
    esignet.create(&new_client()).await.unwrap();
    let mut another = new_client();
    another.relying_party_id = "thief".to_owned();
    another.redirect_uris = vec!["https://thief.example".to_owned()];

    let created = esignet.create(&another).await;

    let duplicate = BusinessError::single("duplicate_client_id", "duplicate_client_id");
    assert_eq!(created, Err(Unregistered::Refused(duplicate)));
    let [client] = place.esignet.clients().try_into().unwrap();
    assert_eq!(
        client.client["redirectUris"],
        json!(["https://bank.example/back"])
    );
}

#[actix_web::test]
async fn a_client_whose_details_are_not_taken_stays_refused() {
    let place = Place::new();
    let body = json!({ "response": null, "errors": [
        { "errorCode": "duplicate_client_id", "errorMessage": "it exists" },
    ]});
    let peer = RecordingPeer::start(Behaviour::Answer(200, body.to_string()));
    let esignet = place.client_with(EsignetOptions {
        addresses: EsignetAddresses::below(&peer.url()),
        ..place.options()
    });

    let reconciled = reconcile(&esignet, &new_client()).await;

    let refused = BusinessError::single("duplicate_client_id", "it exists");
    assert_eq!(reconciled, Err(Unregistered::Refused(refused)));
    let methods: Vec<_> = peer
        .recorded()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(methods, ["POST", "PUT"]);
}

#[actix_web::test]
async fn an_update_is_repeated_when_the_connection_breaks_and_only_then() {
    for (fault, calls) in [
        (Fault::Reset, 2),
        (TOO_SLOW, 1),
        (Fault::Status(500), 1),
        (Fault::Body("<html>".to_owned()), 1),
    ] {
        let place = Place::new();
        place.client().create(&new_client()).await.unwrap();
        place.esignet.fail(fault.clone());

        let updated = impatient(&place).update(CLIENT_ID, &change()).await;

        assert_eq!(updated, Err(UPDATE_UNREACHABLE.into()), "{fault:?}");
        assert_eq!(place.esignet.recorded().len(), 1 + calls, "{fault:?}");
    }
}

#[actix_web::test]
async fn answers_mean_the_same_for_creates_and_updates() {
    let place = Place::new();
    let esignet = place.client();
    let own = |code: Option<&'static str>, message: Option<&'static str>| {
        let error = WireError {
            code: code.map(Into::into),
            message: message.map(Into::into),
        };
        BusinessError::several(vec![error]).unwrap()
    };
    let unreadable = "Unable to process the request. eSignet's answer is unreadable.";
    for (body, expected, open) in [
        (
            r#"{"responseTime":"t","response":null}"#,
            NO_RESPONSE.into(),
            true,
        ),
        ("{}", NO_RESPONSE.into(), true),
        ("null", NO_RESPONSE.into(), true),
        (r#"{"response":null,"errors":[]}"#, UNUSABLE.into(), true),
        (
            r#"{"response":"done"}"#,
            own(Some("PMS_PRT_500"), Some(unreadable)),
            true,
        ),
        (
            r#"{"response":null,"errors":[{"errorCode":"a","errorMessage":"b"},{"errorCode":"c"}]}"#,
            own(Some("a"), Some("b")),
            false,
        ),
        (
            r#"{"errors":[{"errorCode":"a"}]}"#,
            own(Some("a"), None),
            false,
        ),
        (
            r#"{"errors":[{"errorMessage":"b"}]}"#,
            own(None, Some("b")),
            false,
        ),
    ] {
        place.esignet.fail(Fault::Body(body.to_owned()));

        let created = esignet.create(&new_client()).await;
        let updated = esignet.update(CLIENT_ID, &change()).await;

        let unregistered = if open {
            Unregistered::Unknown(expected.clone())
        } else {
            Unregistered::Refused(expected.clone())
        };
        assert_eq!(created, Err(unregistered), "{body}");
        assert_eq!(updated, Err(expected), "{body}");
    }
    let strange = r#"{"response":{"clientId":"another","status":"?"},"errors":[]}"#;
    place.esignet.fail(Fault::Body(strange.to_owned()));
    esignet.create(&new_client()).await.unwrap();
    esignet.update(CLIENT_ID, &change()).await.unwrap();
}

#[actix_web::test]
async fn errors_on_the_wire_are_the_contracts() {
    let rejection: BusinessError = Unregistered::Unknown(UNREACHABLE.into()).into();
    let [error] = rejection.errors() else {
        panic!("{rejection:?}")
    };
    assert_eq!(
        serde_json::to_value(error).unwrap(),
        json!({
            "errorCode": "PMS_KKS_001",
            "message": "Error while accessing the API.Please check the logs.",
        })
    );
    assert_eq!(
        UPDATE_UNREACHABLE.message,
        "Unable to process the request.PMS_KKS_001 --> Error while accessing the API.Please check the logs."
    );
    assert_eq!(NO_RESPONSE.code, "PMS_PRT_107");
    assert_eq!(UNUSABLE.code, "PMS_PRT_500");
}
