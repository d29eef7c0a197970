//! Requests to eSignet (contract clients-users-notifications.md §1.12).

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use pms_database::oidc_clients::OidcClient;
use pms_domain::oidc_clients::{ClientName, ClientStatus, redirect_uris, split};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A client to register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewClient {
    /// Derived from the public key.
    pub client_id: String,
    /// The plain name.
    pub client_name: String,
    /// The normalised JWK.
    pub public_key: Map<String, Value>,
    /// The partner.
    pub relying_party_id: String,
    /// Claims that it may ask for.
    pub user_claims: Vec<String>,
    /// ACR values that it may ask for.
    pub auth_context_refs: Vec<String>,
    /// Address of its logo.
    pub logo_uri: String,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Grant types.
    pub grant_types: Vec<String>,
    /// How it authenticates itself.
    pub client_auth_methods: Vec<String>,
    /// Names by language code, without `@none`; nothing in the older dialect,
    /// which has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name_lang_map: Option<BTreeMap<String, String>>,
}

/// What an update sets: all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientChange {
    /// Address of its logo.
    pub logo_uri: String,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// Whether users can sign in with it.
    pub status: ClientStatus,
    /// Grant types.
    pub grant_types: Vec<String>,
    /// The plain name.
    pub client_name: String,
    /// Claims that it may ask for.
    pub user_claims: Vec<String>,
    /// ACR values that it may ask for.
    pub auth_context_refs: Vec<String>,
    /// How it authenticates itself.
    pub client_auth_methods: Vec<String>,
    /// Names by language code, without `@none`; nothing in the older dialect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name_lang_map: Option<BTreeMap<String, String>>,
}

impl ClientChange {
    /// The change that ends a registered client, which is otherwise as `client`
    /// says.
    pub fn ending(client: &NewClient) -> Self {
        Self {
            status: ClientStatus::Inactive,
            ..Self::to(client)
        }
    }

    /// The change that makes a client at eSignet what is stored of it, in the
    /// dialect that it was made with: its names say which.
    pub fn stored(client: &OidcClient) -> Self {
        let ClientName { plain, by_language } = ClientName::read(&client.name);
        Self {
            logo_uri: client.logo_uri.clone(),
            redirect_uris: distinct(redirect_uris(&client.redirect_uris)),
            status: if client.is_deactivated() {
                ClientStatus::Inactive
            } else {
                ClientStatus::Active
            },
            grant_types: distinct(split(&client.grant_types)),
            client_name: plain,
            user_claims: distinct(split(&client.claims)),
            auth_context_refs: distinct(split(&client.acr_values)),
            client_auth_methods: distinct(split(&client.auth_methods)),
            client_name_lang_map: by_language,
        }
    }

    /// The change that makes a registered client, active, what `client` says.
    pub(super) fn to(client: &NewClient) -> Self {
        Self {
            logo_uri: client.logo_uri.clone(),
            redirect_uris: client.redirect_uris.clone(),
            status: ClientStatus::Active,
            grant_types: client.grant_types.clone(),
            client_name: client.client_name.clone(),
            user_claims: client.user_claims.clone(),
            auth_context_refs: client.auth_context_refs.clone(),
            client_auth_methods: client.client_auth_methods.clone(),
            client_name_lang_map: client.client_name_lang_map.clone(),
        }
    }
}

/// The items without repetitions, which newer servers refuse.
fn distinct(mut items: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    items.retain(|item| seen.insert(item.clone()));
    items
}

/// What goes around a request.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a, T> {
    request_time: String,
    request: &'a T,
}

impl<'a, T> Envelope<'a, T> {
    pub(super) fn of(request: &'a T, now: DateTime<Utc>) -> Self {
        Self {
            request_time: now.to_rfc3339_opts(SecondsFormat::Millis, true),
            request,
        }
    }
}
