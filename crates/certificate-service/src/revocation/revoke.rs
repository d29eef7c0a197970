//! `POST /certificates/{certificateId}/revoke`
//!
//! Revokes a certificate that was issued to a partner.

use std::sync::Arc;

use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use pms_database::certificates::RevokedCertificate;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::Subject;
use pms_domain::certificate::audits;
use pms_domain::certificate::errors::REASON_INVALID;
use pms_pki::issue::Reason;
use pms_web::wire::ZuluDateTime;
use pms_web::{ApiError, ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::Revocation;
use crate::embedded::Embedded;
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RevokeCertificate {
    /// A name of RFC 5280: `unspecified`, `keyCompromise`, `cACompromise`,
    /// `affiliationChanged`, `superseded`, `cessationOfOperation` or
    /// `privilegeWithdrawn`.
    reason: Option<String>,
}

impl Request for RevokeCertificate {
    fn check(&self, fields: &mut Checks) {
        fields.not_blank("reason", self.reason.as_deref());
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Revoked {
    certificate_id: String,
    partner_id: Option<String>,
    reason: String,
    revoked_by: String,
    revoked_date_time: ZuluDateTime,
    /// All certificates that this call revoked: more than one when their common
    /// key is compromised.
    revoked_certificate_ids: Vec<String>,
}

/// Revokes a certificate for good.
pub(crate) async fn handle(
    caller: Caller,
    id: Path<String>,
    Body(request): Body<RevokeCertificate>,
    embedded: Data<Embedded>,
) -> ApiResult<Revoked> {
    let vault = Arc::clone(embedded.vault()?);
    let command = Command {
        id: id.into_inner(),
        reason: request.reason.unwrap_or_default(),
        user: caller.user_id().to_owned(),
        now: vault.clock.now(),
    };
    let db = vault.db.clone();
    let stamp = Stamp::new(caller.user_id(), command.now.naive_utc());
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        trail.note(audits::REVOKE, about(&command.id));
        let revoked = command
            .revoke(&vault, conn)
            .map_err(|error| trail.refuse(audits::REVOKE_FAILURE, about(&command.id), error))?;
        for one in &revoked {
            trail.note(audits::REVOKE_SUCCESS, about(&one.cert_id));
        }
        Ok(revoked)
    };
    answer(db.audited(stamp, work).await?)
}

/// The certificate to revoke, why, and who revokes it.
struct Command {
    id: String,
    reason: String,
    user: String,
    now: DateTime<Utc>,
}

impl Command {
    fn revoke(
        &self,
        vault: &Vault,
        conn: &mut Connection,
    ) -> Result<Vec<RevokedCertificate>, DbError> {
        let reason = Reason::parse(&self.reason);
        let reason = reason.ok_or_else(|| REASON_INVALID.with(&[&reasons()]))?;
        let revocation = Revocation {
            cert_id: &self.id,
            reason,
            user: &self.user,
            now: self.now,
        };
        revocation.carry_out(vault, conn)
    }
}

fn about(id: &str) -> Subject<'_> {
    Some((id, "certificateId"))
}

fn answer(revoked: Vec<RevokedCertificate>) -> ApiResult<Revoked> {
    let ids = revoked.iter().map(|one| one.cert_id.clone()).collect();
    let first = revoked.into_iter().next();
    let first = first.ok_or_else(|| ApiError::unexpected("nothing was revoked"))?;
    Ok(Revoked {
        certificate_id: first.cert_id,
        partner_id: first.partner_id,
        reason: first.reason,
        revoked_by: first.revoked_by,
        revoked_date_time: first.revoked_dtimes.into(),
        revoked_certificate_ids: ids,
    })
}

fn reasons() -> String {
    Reason::ALL.map(Reason::name).join(", ")
}
