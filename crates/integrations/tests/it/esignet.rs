//! eSignet registers and changes clients.

use std::collections::BTreeMap;
use std::time::Duration;

use pms_database::Clock;
use pms_domain::oidc_clients::ClientStatus;
use pms_integrations::esignet::{
    ClientChange, ClientRecord, Esignet, EsignetAddresses, EsignetOptions, NewClient,
    UPDATE_UNREACHABLE, Unregistered,
};
use pms_integrations::key_manager::UNREACHABLE;
use pms_integrations::{Observer, http};
use pms_testkit::peers::esignet::Release;
use pms_testkit::peers::{Behaviour, EsignetPeer, IdentityPeer, RecordingPeer};
use pms_testkit::tokens;
use prometheus::{Registry, TextEncoder};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::stage::{client, token};

pub const CLIENT_ID: &str = "Kz9UYDdgbg-CwQfGA4lAlep1two-V-cLr0NdLY5HGj0";

/// An eSignet and the identity provider that both sides know.
pub struct Place {
    pub identity: IdentityPeer,
    pub esignet: EsignetPeer,
    pub clock: Clock,
}

impl Place {
    pub fn new() -> Self {
        Self::of(Release::Newer)
    }

    pub fn of(release: Release) -> Self {
        let clock = Clock::fixed("2026-11-24T10:00:00Z".parse().unwrap());
        Self {
            identity: IdentityPeer::start(),
            esignet: EsignetPeer::of(release, clock.clone()),
            clock,
        }
    }

    pub fn options(&self) -> EsignetOptions {
        EsignetOptions {
            addresses: EsignetAddresses::below(&self.esignet.url()),
            claims_mapping: self.esignet.claims_mapping_url(),
            acr_mapping: self.esignet.acr_mapping_url(),
            refresh: Duration::from_secs(600),
            timeout: Duration::from_secs(2),
        }
    }

    pub fn client(&self) -> Esignet {
        self.client_with(self.options())
    }

    pub fn client_with(&self, options: EsignetOptions) -> Esignet {
        let token = token(&self.identity.token_endpoint());
        Esignet::new(client(), token, options, self.clock.clone())
    }
}

pub fn new_client() -> NewClient {
    let key = json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    NewClient {
        client_id: CLIENT_ID.to_owned(),
        client_name: "Bank".to_owned(),
        public_key: key.as_object().unwrap().clone(),
        relying_party_id: "bank".to_owned(),
        user_claims: vec!["name".to_owned(), "email".to_owned()],
        auth_context_refs: vec!["mosip:idp:acr:generated-code".to_owned()],
        logo_uri: "https://bank.example/logo.png".to_owned(),
        redirect_uris: vec!["https://bank.example/back".to_owned()],
        grant_types: vec!["authorization_code".to_owned()],
        client_auth_methods: vec!["private_key_jwt".to_owned()],
        client_name_lang_map: None,
    }
}

pub fn names() -> BTreeMap<String, String> {
    let names = [("eng", "Bank"), ("fra", "Banque")];
    names
        .map(|(language, name)| (language.to_owned(), name.to_owned()))
        .into()
}

/// Registers a client for which an earlier create had an unknown outcome, whatever that was.
pub async fn reconcile(esignet: &Esignet, client: &NewClient) -> Result<(), Unregistered> {
    match esignet.create(client).await {
        Err(refused) if refused.is_about_held() => esignet.take_up(client, refused).await,
        created => created,
    }
}

pub fn change() -> ClientChange {
    let client = new_client();
    ClientChange {
        logo_uri: "https://bank.example/new.png".to_owned(),
        redirect_uris: vec!["bank://back".to_owned()],
        status: ClientStatus::Inactive,
        grant_types: client.grant_types,
        client_name: "New Bank".to_owned(),
        user_claims: vec![],
        auth_context_refs: client.auth_context_refs,
        client_auth_methods: client.client_auth_methods,
        client_name_lang_map: None,
    }
}

fn expected_client() -> Value {
    json!({
        "clientId": CLIENT_ID,
        "clientName": "Bank",
        "publicKey": {
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        "relyingPartyId": "bank",
        "userClaims": ["name", "email"],
        "authContextRefs": ["mosip:idp:acr:generated-code"],
        "logoUri": "https://bank.example/logo.png",
        "redirectUris": ["https://bank.example/back"],
        "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
    })
}

fn expected_change() -> Value {
    json!({
        "logoUri": "https://bank.example/new.png",
        "redirectUris": ["bank://back"],
        "status": "INACTIVE",
        "grantTypes": ["authorization_code"],
        "clientName": "New Bank",
        "userClaims": [],
        "authContextRefs": ["mosip:idp:acr:generated-code"],
        "clientAuthMethods": ["private_key_jwt"],
    })
}

fn enveloped(mut request: Value, names: Option<Value>) -> Value {
    if let Some(names) = names {
        request["clientNameLangMap"] = names;
    }
    json!({ "requestTime": "2026-11-24T10:00:00.000Z", "request": request })
}

#[actix_web::test]
async fn clients_are_created_and_changed_in_both_dialects() {
    let plain = (None, None, "oidc-client");
    let map = json!({ "eng": "Bank", "fra": "Banque" });
    let named = (Some(names()), Some(map), "oauth-client");
    for (names, map, path) in [plain, named] {
        let place = Place::new();
        let esignet = place.client();
        let created = NewClient {
            client_name_lang_map: names.clone(),
            ..new_client()
        };
        let changed = ClientChange {
            client_name_lang_map: names,
            ..change()
        };

        esignet.create(&created).await.unwrap();
        assert_eq!(place.esignet.clients()[0].status, "ACTIVE");
        esignet.update(CLIENT_ID, &changed).await.unwrap();

        let requests = place.esignet.recorded();
        let base = format!("/v1/esignet/client-mgmt/{path}");
        assert_eq!(
            [
                (&*requests[0].method, &requests[0].uri),
                (&*requests[1].method, &requests[1].uri)
            ],
            [("POST", &base), ("PUT", &format!("{base}/{CLIENT_ID}"))]
        );
        assert_eq!(
            requests[0].json(),
            enveloped(expected_client(), map.clone())
        );
        assert_eq!(requests[1].json(), enveloped(expected_change(), map));
        let [client] = place.esignet.clients().try_into().unwrap();
        assert_eq!(client.status, "INACTIVE");
        assert_eq!(client.client["clientName"], "New Bank");
        assert_eq!(client.client["relyingPartyId"], "bank");
    }
}

#[actix_web::test]
async fn an_expired_token_is_renewed_once() {
    let place = Place::new();
    let esignet = place.client();
    esignet.supported_claims().await.unwrap();
    place.esignet.expire_tokens();

    esignet.create(&new_client()).await.unwrap();

    let requests = place.esignet.recorded();
    let tokens: Vec<_> = requests
        .iter()
        .map(|request| request.cookie.clone().unwrap())
        .collect();
    assert_eq!(requests.len(), 3);
    assert_eq!(tokens[0], tokens[1]);
    assert_ne!(tokens[1], tokens[2]);
    assert_eq!(place.esignet.clients().len(), 1);
}

#[actix_web::test]
async fn the_account_needs_the_scopes() {
    let place = Place::new();
    let claims = tokens::claims("service-account", &["PARTNER_ADMIN"], 4_102_444_800);
    let answer = json!({ "access_token": tokens::sign(&claims), "expires_in": 3600 });
    let provider = RecordingPeer::start(Behaviour::Answer(200, answer.to_string()));
    let esignet = Esignet::new(
        client(),
        token(&provider.url()),
        place.options(),
        place.clock.clone(),
    );

    let created = esignet.create(&new_client()).await;
    let updated = esignet.update(CLIENT_ID, &change()).await;

    assert_eq!(created, Err(Unregistered::Refused(UNREACHABLE.into())));
    assert_eq!(updated, Err(UPDATE_UNREACHABLE.into()));
    assert!(place.esignet.clients().is_empty());
    // Roles may have been given meanwhile: the next call asks for a new token.
    assert_eq!(provider.recorded().len(), 2);
}

#[actix_web::test]
async fn calls_are_counted_for_esignet_and_for_the_mappings() {
    let place = Place::new();
    let registry = Registry::new();
    let observer = Observer::new(&registry, HeaderMap::new).unwrap();
    let esignet = place.client().observed(observer);

    esignet.create(&new_client()).await.unwrap();
    esignet.supported_claims().await.unwrap();
    esignet.claims_mapping().await.unwrap();

    let page = TextEncoder::new()
        .encode_to_string(&registry.gather())
        .unwrap();
    for line in [
        r#"outbound_requests_total{outcome="2xx",peer="esignet"} 1"#,
        r#"outbound_requests_total{outcome="2xx",peer="esignet_discovery"} 1"#,
        r#"outbound_requests_total{outcome="2xx",peer="esignet_mappings"} 1"#,
    ] {
        assert!(page.contains(line), "{line} is not in {page}");
    }
}

#[actix_web::test]
async fn a_task_that_outlives_a_worker_needs_none_of_its_connections() {
    let place = Place::new();
    let fresh = http::FreshConnections::new(Duration::from_secs(20), None);
    let observer = Observer::new(&Registry::new(), HeaderMap::new).unwrap();
    let esignet = place.client_with(EsignetOptions {
        timeout: Duration::from_secs(20),
        ..place.options()
    });
    let esignet = esignet.observed(observer.repeating_on(fresh));
    let (asked, is_asked) = tokio::sync::oneshot::channel();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let worker = esignet.clone();
    // It has kept a connection, and moves nothing any more.
    let worker = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        runtime.block_on(async {
            assert_eq!(worker.record(CLIENT_ID).await, ClientRecord::Missing);
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        });
        asked.send(()).unwrap();
        stopped.recv().unwrap_err();
    });
    is_asked.await.unwrap();

    let created = esignet.unpooled().create(&new_client()).await;

    drop(stop);
    worker.join().unwrap();
    assert_eq!(created, Ok(()));
}
