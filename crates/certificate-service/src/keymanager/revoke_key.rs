//! `PUT /revokeKey`
//!
//! Ends a key before its time (contract keymanager.md §10.6).

use actix_web::web::Data;
use pms_database::{Connection, DbError};
use pms_pki::errors;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields;
use crate::errors::refused;
use crate::keys::{normal, revoke};
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RevokeKey {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// Counts for nothing: the next one who needs the key gets a new one.
    disable_auto_gen: Option<bool>,
}

impl Request for RevokeKey {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Revoked {
    #[schema(example = "Key Revoked")]
    status: &'static str,
    timestamp: LocalDateTime,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<RevokeKey>,
    vault: Data<Vault>,
) -> ApiResult<Revoked> {
    let app_id = request.application_id.unwrap_or_default();
    vault.restricted.check_maker(&caller, Some(&app_id))?;
    let ref_id = normal(&request.reference_id.unwrap_or_default()).to_owned();
    if ref_id.is_empty() {
        return Err(refused(errors::INVALID_REQUEST).into());
    }
    if (app_id.as_str(), ref_id.as_str()) == ("KERNEL", "SIGN") {
        return Err(refused(errors::REVOCATION_FORBIDDEN).into());
    }
    let now = vault.clock.now();
    let end = move |conn: &mut Connection| -> Result<(), DbError> {
        revoke(conn, (&app_id, &ref_id), now)
    };
    vault.db.transaction(end).await?;
    Ok(Revoked {
        status: "Key Revoked",
        timestamp: now.naive_utc().into(),
    })
}
