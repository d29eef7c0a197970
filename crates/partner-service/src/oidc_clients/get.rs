//! `GET /oauth/client/{client_id}` and `GET /oidc/client/{client_id}`
//!
//! A client as it is stored (contract clients-users-notifications.md §1.10).

use actix_web::web;
use pms_database::oidc_clients::{self, OidcClient};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, policies};
use pms_domain::oidc_clients::{audits, errors, split};
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::{available, key, require_own};
use crate::Context;

/// A client.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Client id.
    pub id: String,
    /// The plain name, or the names by language as JSON text.
    pub name: String,
    /// Id of its policy.
    pub policy_id: String,
    /// Name of the policy; empty when that is gone.
    pub policy_name: String,
    /// Partner id.
    pub relying_party_id: String,
    /// Address of its logo.
    pub logo_uri: String,
    /// Where users may be sent back to.
    pub redirect_uris: Vec<String>,
    /// JWK, as text, without private members.
    pub public_key: String,
    /// Claims that it may ask for.
    pub claims: Vec<String>,
    /// ACR values that it may ask for.
    pub acr_values: Vec<String>,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// Grant types.
    pub grant_types: Vec<String>,
    /// How it authenticates itself.
    pub client_auth_methods: Vec<String>,
}

/// Reads a client.
///
/// # Errors
/// The rules of contract clients-users-notifications.md §1.10 in its order.
pub async fn handle(
    caller: Caller,
    client_id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Client> {
    available(&context)?;
    let client_id = client_id.into_inner();
    let stamp = context.stamp(&caller);
    let found = context.db.noted(stamp, move |conn, trail| {
        read(conn, trail, &caller, &client_id)
    });
    Ok(found.await?)
}

fn read(
    conn: &mut Connection,
    trail: &mut AuditTrail,
    caller: &Caller,
    client_id: &str,
) -> Result<Client, DbError> {
    let client = oidc_clients::find(conn, client_id)?.ok_or(errors::CLIENT_UNKNOWN)?;
    require_own(conn, caller, &client.rp_id, errors::NOT_OWN_TO_READ)
        .map_err(|error| trail.refuse(audits::GET_REFUSED, None, error))?;
    let policy = policies::find_with_group(conn, &client.policy_id)?;
    let policy_name = policy.map(|found| found.policy.name);
    Ok(Client::of(client, policy_name.unwrap_or_default()))
}

impl Client {
    pub(super) fn of(client: OidcClient, policy_name: String) -> Self {
        Self {
            id: client.id,
            name: client.name,
            policy_id: client.policy_id,
            policy_name,
            relying_party_id: client.rp_id,
            logo_uri: client.logo_uri,
            redirect_uris: split(&client.redirect_uris),
            public_key: key::shown(client.public_key),
            claims: split(&client.claims),
            acr_values: split(&client.acr_values),
            status: client.status,
            grant_types: split(&client.grant_types),
            client_auth_methods: split(&client.auth_methods),
        }
    }
}
