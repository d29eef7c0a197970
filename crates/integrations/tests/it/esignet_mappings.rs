//! Supported claims, and the files that map claims and ACR values.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use pms_domain::ErrorDef;
use pms_domain::oidc_clients::errors::{ACRS_UNREADABLE, AMRS_UNREADABLE, CLAIMS_UNREADABLE};
use pms_domain::oidc_clients::{AcrMapping, AuthTypes, ClaimsMapping, KycAttributes};
use pms_integrations::Esignet;
use pms_integrations::esignet::EsignetOptions;
use pms_integrations::key_manager::UNREACHABLE;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::{ACR_MAPPING, CLAIMS_MAPPING};
use pms_testkit::waiting::found;
use serde_json::{Value, json};

use crate::esignet::Place;

/// Fetches again at every look.
fn forgetful(place: &Place) -> Esignet {
    place.client_with(EsignetOptions {
        refresh: Duration::from_millis(1),
        ..place.options()
    })
}

fn policy() -> Value {
    json!({
        "allowedKycAttributes": [{ "attributeName": "fullName" }, { "attributeName": "phone" }],
        "allowedAuthTypes": [
            { "authType": "otp", "mandatory": false }, { "authType": "demo", "mandatory": false },
        ],
    })
}

fn kyc() -> KycAttributes {
    KycAttributes::of(policy().as_object().unwrap()).unwrap()
}

/// How often the file was asked for.
fn requested(place: &Place, path: &str) -> usize {
    let recorded = place.esignet.recorded();
    recorded
        .iter()
        .filter(|request| request.uri == path)
        .count()
}

#[actix_web::test]
async fn a_policy_becomes_claims_and_acr_values() {
    let place = Place::new();
    let esignet = place.client();

    let supported = esignet.supported_claims().await.unwrap();
    let claims = esignet.claims_mapping().await.unwrap();
    let acrs = esignet.acr_mapping().await.unwrap();

    assert_eq!(
        claims.claims(&kyc(), &supported).unwrap(),
        ["name", "phone_number"]
    );
    let types = AuthTypes::of(policy().as_object().unwrap()).unwrap();
    assert_eq!(
        acrs.values(&types).unwrap(),
        ["mosip:idp:acr:generated-code"]
    );
    assert_eq!(*acrs, AcrMapping::built_in().unwrap());
}

#[actix_web::test]
async fn the_files_are_fetched_once_without_a_token_and_claims_every_time() {
    let place = Place::new();
    let esignet = place.client();

    let all = join_all((0..8).map(|_| esignet.claims_mapping())).await;
    let again = esignet.clone().claims_mapping().await.unwrap();
    esignet.supported_claims().await.unwrap();
    place.esignet.support_claims(&["gender"]);
    let supported = esignet.supported_claims().await.unwrap();

    for mapping in all {
        assert!(Arc::ptr_eq(&mapping.unwrap(), &again));
    }
    assert_eq!(requested(&place, CLAIMS_MAPPING), 1);
    assert_eq!(supported, ["gender"]);
    let recorded = place.esignet.recorded();
    let file = recorded
        .iter()
        .find(|request| request.uri == CLAIMS_MAPPING);
    assert_eq!(file.unwrap().cookie, None);
    assert!(recorded.last().unwrap().cookie.is_some());
}

#[actix_web::test]
async fn a_changed_file_is_noticed_and_the_old_one_serves_while_its_server_is_away() {
    let place = Place::new();
    let esignet = forgetful(&place);
    let supported = ["nickname".to_owned()];
    let claims = async || {
        let mapping = esignet.claims_mapping().await.unwrap();
        mapping.claims(&kyc(), &supported).ok()
    };
    assert_eq!(claims().await, None);

    let file = json!({ "identity": { "nickname": { "value": "fullName" } } });
    place.esignet.put_claims_mapping(&file.to_string());
    assert_eq!(found("the new mapping", &claims).await, ["nickname"]);

    for fault in [
        Fault::Status(500),
        Fault::Reset,
        Fault::Body("<html>".to_owned()),
    ] {
        let before = requested(&place, CLAIMS_MAPPING);
        place.esignet.fail(fault);
        found("the mapping", async || {
            assert_eq!(claims().await.unwrap(), ["nickname"]);
            (requested(&place, CLAIMS_MAPPING) > before).then_some(())
        })
        .await;
    }
}

#[actix_web::test]
async fn without_a_file_there_is_an_error_and_it_passes() {
    let cases: [(Fault, ErrorDef); 4] = [
        (Fault::Status(404), AMRS_UNREADABLE),
        (Fault::Reset, AMRS_UNREADABLE),
        (Fault::Body("<html>".to_owned()), AMRS_UNREADABLE),
        (Fault::Body(r#"{"amr":{}}"#.to_owned()), ACRS_UNREADABLE),
    ];
    for (fault, acr_error) in cases {
        let place = Place::new();
        let esignet = place.client();
        place.esignet.fail(fault.clone());

        let claims = esignet.claims_mapping().await;
        let acrs = esignet.acr_mapping().await;

        assert_eq!(claims, Err(CLAIMS_UNREADABLE), "{fault:?}");
        assert_eq!(acrs, Err(acr_error), "{fault:?}");
        place.esignet.recover();
        found("the mapping", async || esignet.claims_mapping().await.ok()).await;
        found("the mapping", async || esignet.acr_mapping().await.ok()).await;
    }
}

#[actix_web::test]
async fn requests_that_wait_for_a_hanging_server_share_one_call() {
    let place = Place::new();
    // A client that waited for the answer would have the mapping.
    place.esignet.fail(Fault::Slow(Duration::from_secs(600)));
    let esignet = place.client_with(EsignetOptions {
        timeout: Duration::from_millis(500),
        ..place.options()
    });

    let all = join_all((0..8).map(|_| esignet.acr_mapping())).await;

    assert!(all.iter().all(|mapping| *mapping == Err(AMRS_UNREADABLE)));
    assert_eq!(requested(&place, ACR_MAPPING), 1);
}

#[actix_web::test]
async fn without_addresses_the_mappings_are_those_of_the_contract() {
    let place = Place::new();
    let esignet = place.client_with(EsignetOptions {
        claims_mapping: String::new(),
        acr_mapping: String::new(),
        ..place.options()
    });

    let claims = esignet.claims_mapping().await.unwrap();
    let acrs = esignet.acr_mapping().await.unwrap();

    assert_eq!(*claims, ClaimsMapping::built_in().unwrap());
    assert_eq!(*acrs, AcrMapping::built_in().unwrap());
    assert!(place.esignet.recorded().is_empty());
}

#[actix_web::test]
async fn a_discovery_document_that_says_nothing_is_an_error() {
    let place = Place::new();
    let esignet = place.client();
    for fault in [
        Fault::Status(500),
        Fault::Reset,
        Fault::Body("<html>".to_owned()),
        Fault::Body("{}".to_owned()),
        Fault::Body(r#"{"claims_supported":"name"}"#.to_owned()),
    ] {
        place.esignet.fail(fault.clone());
        let supported = esignet.supported_claims().await;
        assert_eq!(supported, Err(UNREACHABLE.into()), "{fault:?}");
    }
}
