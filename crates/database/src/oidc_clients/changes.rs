//! Writing clients.

use diesel::prelude::*;
use pms_domain::oidc_clients::ClientStatus;

use super::{OidcClient, tell};
use crate::functions::lower;
use crate::outbox::writer;
use crate::rows::{changed_by, created_by};
use crate::schema::oidc_client;
use crate::{DbError, Stamp};

/// A client to insert, active.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = oidc_client)]
pub struct NewOidcClient<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub rp_id: &'a str,
    pub policy_id: &'a str,
    pub logo_uri: &'a str,
    pub redirect_uris: &'a str,
    pub claims: &'a str,
    pub acr_values: &'a str,
    pub public_key: &'a str,
    pub grant_types: &'a str,
    pub auth_methods: &'a str,
}

/// What an update can change; `None` leaves a column alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, AsChangeset)]
#[diesel(table_name = oidc_client)]
pub struct ClientChange {
    pub name: Option<String>,
    pub logo_uri: Option<String>,
    pub redirect_uris: Option<String>,
    pub grant_types: Option<String>,
    pub auth_methods: Option<String>,
    pub status: Option<String>,
}

impl ClientChange {
    /// Makes a client what it will be.
    pub fn apply(&self, client: &mut OidcClient) {
        let columns = [
            (&mut client.name, &self.name),
            (&mut client.logo_uri, &self.logo_uri),
            (&mut client.redirect_uris, &self.redirect_uris),
            (&mut client.grant_types, &self.grant_types),
            (&mut client.auth_methods, &self.auth_methods),
            (&mut client.status, &self.status),
        ];
        for (column, value) in columns {
            if let Some(value) = value {
                column.clone_from(value);
            }
        }
    }
}

/// Inserts a client.
///
/// # Errors
/// A taken id is a unique violation of `pk_oidc_client`, the same text of a key
/// one of `uq_oidc_client_public_key`.
pub fn insert(
    conn: &mut PgConnection,
    client: &NewOidcClient<'_>,
    stamp: &Stamp,
) -> QueryResult<OidcClient> {
    diesel::insert_into(oidc_client::table)
        .values((
            client,
            oidc_client::status.eq(ClientStatus::Active.name()),
            created_by!(oidc_client, stamp),
            oidc_client::is_deleted.eq(Some(false)),
        ))
        .returning(OidcClient::as_returning())
        .get_result(conn)
}

/// Changes a client.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn update(
    conn: &mut PgConnection,
    id: &str,
    change: &ClientChange,
    stamp: &Stamp,
) -> QueryResult<OidcClient> {
    diesel::update(oidc_client::table.find(id))
        .set((change, changed_by!(oidc_client, stamp)))
        .returning(OidcClient::as_returning())
        .get_result(conn)
}

/// Ends all clients of a partner that have not ended yet, tells relying modules,
/// and queues the same for eSignet. Lock the partner before.
///
/// # Errors
/// When a statement fails.
pub fn deactivate_of_partner(
    conn: &mut PgConnection,
    partner_id: &str,
    stamp: &Stamp,
) -> Result<Vec<OidcClient>, DbError> {
    let inactive = ClientStatus::Inactive.name();
    let mut ended: Vec<OidcClient> = diesel::update(oidc_client::table)
        .filter(oidc_client::rp_id.eq(partner_id))
        .filter(lower(oidc_client::status).ne(lower(inactive)))
        .set((
            oidc_client::status.eq(inactive),
            changed_by!(oidc_client, stamp),
        ))
        .returning(OidcClient::as_returning())
        .get_results(conn)?;
    // In the order of their keys, as all queue.
    ended.sort_by(|one, other| one.id.cmp(&other.id));
    for client in &ended {
        tell(conn, client, stamp.at)?;
    }
    for client in &ended {
        writer::client_update(conn, &client.id)?;
    }
    Ok(ended)
}
