//! Ends the use of a device, an SBI or an FTM chip
//! (contract devices.md §9.9, §10.7 and §11.12).

use actix_web::web::Data;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::ErrorDef;
use pms_domain::device::errors::STATUS_NOT_DEACTIVATE;
use pms_web::{ApiResult, Body, Caller, Checks, PathId, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::providers::OwnPartners;
use crate::Context;

/// The wanted status.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Deactivation {
    /// `De-Activate`, exactly.
    pub status: Option<String>,
}

impl Request for Deactivation {
    fn check(&self, _: &mut Checks) {}
}

/// Rows whose use can be ended; [`handle`] is their handler.
pub trait Deactivate: Sized + 'static {
    /// What the endpoint answers.
    type Ended: Serialize + ToSchema + Send + 'static;

    /// The refusal of an id that no row has.
    const UNKNOWN: ErrorDef;
    /// The refusal of a row that other users' partners provide.
    const NOT_OWN: ErrorDef;

    /// The row, locked until the transaction ends.
    ///
    /// # Errors
    /// When the statement fails.
    fn lock(conn: &mut Connection, id: &str) -> Result<Option<Self>, DbError>;

    /// Partner id of its provider.
    fn provider(&self) -> Option<&str>;

    /// Ends its use.
    ///
    /// # Errors
    /// A row that is not in use.
    fn end(self, conn: &mut Connection, stamp: &Stamp) -> Result<Self::Ended, DbError>;
}

/// Deactivates a row.
///
/// # Errors
/// A request for another status, a caller without partners, an unknown row,
/// another user's, one whose provider is inactive, one that is not in use.
pub async fn handle<D: Deactivate>(
    caller: Caller,
    PathId(id): PathId,
    Body(request): Body<Deactivation>,
    context: Data<Context>,
) -> ApiResult<D::Ended> {
    if request.status.as_deref() != Some("De-Activate") {
        return Err(STATUS_NOT_DEACTIVATE.into());
    }
    let stamp = context.stamp(&caller);
    let ended = context.db.transaction(move |conn| {
        let own = OwnPartners::of(conn, &caller)?;
        let row = D::lock(conn, &id)?.ok_or(D::UNKNOWN)?;
        own.may_end(&caller, row.provider(), D::NOT_OWN)?;
        row.end(conn, &stamp)
    });
    Ok(ended.await?)
}
