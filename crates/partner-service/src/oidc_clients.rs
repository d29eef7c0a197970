//! OIDC clients: a partner's clients, which eSignet holds, and of which this
//! system tells it and the relying modules (contract clients-users-notifications.md §1).
//!
//! Two forms of the endpoints are in use: `/oauth/client` with names in several
//! languages, which newer onboarding clients create at `/oidc-clients`, and the older
//! `/oidc/client` with one name.

mod asking;
pub mod changed_client;
pub mod create;
pub mod diagnose;
pub mod diagnosis;
mod event;
mod fields;
pub mod get;
mod held;
mod key;
pub mod list;
pub mod new_client;
mod registration;
pub mod update;

use pms_database::oidc_clients::OidcClient;
use pms_database::{Connection, DbError, partners};
use pms_domain::ErrorDef;
use pms_domain::oidc_clients::errors;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_web::Access::{AnyToken, Role};
use pms_web::{ApiError, ApiResult, Caller, Route, Rows, V1, v2};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// The kind of a client's id in audit records.
const CLIENT_ID: &str = "clientID";

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_CLIENTS: &str = "mosip.pms.oauth.partners.clients.get";
    vec![
        rows.post("/oauth/client", AnyToken, V1, create::oauth).summary("Create an OIDC client with names in several languages"),
        rows.get("/oauth/client", Role("getoauthpartnersclients"), v2(LIST_CLIENTS, errors::CLIENTS_NOT_FETCHED), list::handle).summary("List OIDC clients"),
        rows.put("/oauth/client/{clientId}", AnyToken, V1, update::oauth).summary("Change an OIDC client and its names in several languages"),
        rows.get("/oauth/client/{clientId}", AnyToken, V1, get::handle).summary("Read an OIDC client"),
        rows.post("/oidc/client", AnyToken, V1, create::oidc).summary("Create an OIDC client with one name"),
        rows.put("/oidc/client/{clientId}", AnyToken, V1, update::oidc).summary("Change an OIDC client and its name"),
        rows.get("/oidc/client/{clientId}", AnyToken, V1, get::handle).summary("Read an OIDC client"),
        // Newer onboarding clients post what they post to `/oauth/client` here.
        rows.post("/oidc-clients", AnyToken, V1, create::oauth).summary("Create an OIDC client, as /oauth/client does"),
        rows.get("/oidc-clients/{clientId}/diagnosis", AnyToken, V1, diagnose::handle).summary("Tell what keeps an OIDC client from working"),
    ]
}

/// Which form of an endpoint is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `/oauth/client`.
    Oauth,
    /// `/oidc/client`.
    Oidc,
}

/// A client and its status, after a change.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientState {
    /// Client id.
    pub client_id: String,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
}

impl From<OidcClient> for ClientState {
    fn from(client: OidcClient) -> Self {
        Self {
            client_id: client.id,
            status: client.status.to_uppercase(),
        }
    }
}

/// Refuses what a deployment without OIDC clients is asked for, in the older
/// envelope, also for the list.
fn available(context: &Context) -> ApiResult<()> {
    if context.rules.oidc.available {
        Ok(())
    } else {
        Err(ApiError::RejectedEarly(errors::NOT_AVAILABLE.into()))
    }
}

/// Lets administrators pass, and callers to whom the partner belongs.
///
/// # Errors
/// A caller without partners; `refusal` when the partner is another user's.
fn require_own(
    conn: &mut Connection,
    caller: &Caller,
    partner_id: &str,
    refusal: ErrorDef,
) -> Result<(), DbError> {
    if caller.is_partner_admin() {
        return Ok(());
    }
    let own = partners::owned_by(conn, caller.user_id())?;
    if own.is_empty() {
        return Err(USER_WITHOUT_PARTNERS.into());
    }
    if own.iter().any(|id| id == partner_id) {
        Ok(())
    } else {
        Err(refusal.into())
    }
}
