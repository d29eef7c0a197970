//! `PUT /partners/email/verify`
//!
//! Whether a partner has an e-mail address, and which partner types need a
//! policy group (contract partner.md §4.7).

use actix_web::web;
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, partners};
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;
use crate::personal_data::email_hash;

/// The address.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct VerifyEmail {
    /// E-mail address.
    pub email_id: Option<String>,
}

impl Request for VerifyEmail {
    fn check(&self, _fields: &mut Checks) {}
}

/// What is known about the address.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailVerified {
    /// Whether a partner has it.
    pub email_exists: bool,
    /// Types whose partners need a policy group, in upper case.
    pub policy_required_partner_types: Vec<String>,
}

/// Looks an e-mail address up.
///
/// # Errors
/// When it is none.
pub async fn handle(
    caller: Caller,
    Body(request): Body<VerifyEmail>,
    context: web::Data<Context>,
) -> ApiResult<EmailVerified> {
    let stamp = context.stamp(&caller);
    let rules = context.rules.clone();
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        // The address itself would be personal data in the audit trail.
        trail.note(audits::MAP_POLICY_GROUP, Some(("", "email")));
        let email = request.email_id.filter(|email| rules.is_email(email));
        let email = email.ok_or(errors::INVALID_EMAIL)?;
        let email_exists = partners::exists_with_email(conn, (&email_hash(&email), &email))?;
        let types = partners::policy_required_types(conn)?;
        Ok(EmailVerified {
            email_exists,
            policy_required_partner_types: types.iter().map(|code| code.to_uppercase()).collect(),
        })
    };
    Ok(context.db.noted(stamp, work).await?)
}
