//! Rows and queries of `pms.oidc_client`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.13"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_domain::oidc_clients::ClientStatus;

use crate::rows::by_id;
use crate::schema::oidc_client;

mod changes;
mod event;
pub mod held;
pub mod intents;
pub mod keys;
pub mod unfinished;

pub use changes::{ClientChange, NewOidcClient, deactivate_of_partner, insert, update};
pub use event::{client_data, tell};

/// An OIDC client. Lists are joined by commas, the key is a JWK as text, the name
/// is plain or a JSON object of names by language.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = oidc_client)]
pub struct OidcClient {
    pub id: String,
    pub name: String,
    pub rp_id: String,
    pub policy_id: String,
    pub logo_uri: String,
    pub redirect_uris: String,
    pub claims: String,
    pub acr_values: String,
    pub public_key: String,
    pub grant_types: String,
    pub auth_methods: String,
    pub status: String,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
}

impl OidcClient {
    /// Whether it was deactivated, which is for good. A word that means nothing
    /// counts as active, as in the reference.
    pub fn is_deactivated(&self) -> bool {
        ClientStatus::named(&self.status) == Some(ClientStatus::Inactive)
    }
}

by_id! {
    /// The client with exactly this id.
    find: OidcClient in oidc_client;
    /// The client with exactly this id, locked until the transaction ends. Lock its
    /// partner before.
    lock: OidcClient in oidc_client, for_update;
}
