//! Approves or rejects a device, an SBI or an FTM chip in the older way
//! (contract devices.md §9.3, §10.3 and §11.3).

use actix_web::web::Data;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::fields::to_36;
use crate::Context;

/// The decision about a device or an SBI.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OlderDecision {
    /// Id of the device or the SBI.
    pub id: Option<String>,
    /// `Activate` or `De-activate`, exactly.
    pub approval_status: Option<String>,
}

impl Request for OlderDecision {
    fn check(&self, fields: &mut Checks) {
        to_36(fields, "id", self.id.as_deref());
        to_36(fields, "approvalStatus", self.approval_status.as_deref());
    }
}

/// Rows that an administrator decides about; [`handle`] is their handler.
pub trait Decide: 'static {
    /// `request`.
    type Request: Request + DeserializeOwned + ToSchema + Send + 'static;

    /// Decides, and gives the text that the endpoint answers.
    ///
    /// # Errors
    /// The rules of the endpoint, in the contract's order.
    fn decide(
        request: Self::Request,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        stamp: &Stamp,
    ) -> Result<&'static str, DbError>;
}

/// Decides about a row, with the audit records of what it did.
///
/// # Errors
/// Those of [`Decide::decide`].
pub async fn handle<D: Decide>(
    caller: Caller,
    Body(request): Body<D::Request>,
    context: Data<Context>,
) -> ApiResult<&'static str> {
    let stamp = context.stamp(&caller);
    let by = stamp.clone();
    let work =
        move |conn: &mut Connection, trail: &mut AuditTrail| D::decide(request, conn, trail, &by);
    Ok(context.db.audited(stamp, work).await?)
}
