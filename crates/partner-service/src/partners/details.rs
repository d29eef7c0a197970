//! `GET /admin-partners/{partnerId}`
//!
//! A partner in full, for administrators (contract partner-admin.md §1.10).

use actix_web::web;
use futures_util::future::join3;
use pms_database::partners::{self, PartnerWithGroup};
use pms_database::{Connection, DbError};
use pms_domain::partner::errors;
use pms_pki::certificate::Validity;
use pms_web::wire::{LocalDateTime, OffsetDateTime};
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Context, certificates, visibility};

/// A partner in full. `Debug` is left out: it holds personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerInFull {
    /// Partner id.
    pub partner_id: String,
    /// First name of the partner's user, if the identity provider has it.
    pub first_name: Option<String>,
    /// Last name of the partner's user, if the identity provider has it.
    pub last_name: Option<String>,
    /// `approved`, `InProgress` or `rejected`.
    pub approval_status: String,
    /// When the partner was registered.
    pub created_date_time: LocalDateTime,
    /// Code of the partner type.
    pub partner_type: String,
    /// Name of the organisation.
    pub organization_name: String,
    /// Telephone number.
    pub contact_number: Option<String>,
    /// Name of the policy group.
    pub policy_group_name: Option<String>,
    /// Description of the policy group.
    pub policy_group_description: Option<String>,
    /// E-mail address.
    pub email_id: Option<String>,
    /// Beginning of the certificate's validity.
    pub certificate_upload_date_time: Option<OffsetDateTime>,
    /// End of the certificate's validity.
    pub certificate_expiry_date_time: Option<OffsetDateTime>,
    /// Whether the partner has a certificate.
    pub is_certificate_available: bool,
    /// `uploaded` or `not_uploaded`.
    pub certificate_upload_status: &'static str,
    /// Whether the partner is active.
    pub is_active: bool,
}

/// Reads a partner in full.
///
/// # Errors
/// The rules of contract partner-admin.md §1.10 in its order, the key manager's own error.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<PartnerInFull> {
    let id = id.into_inner();
    let found = context.db.read(move |conn| find(conn, &caller, &id));
    let PartnerWithGroup {
        partner,
        group_name,
        group_description,
    } = found.await?;
    let alias = partner.certificate_alias.as_deref();
    let people = [partner.user_id.as_str(), partner.id.as_str()];
    // The address is not answered, but opened with the others: opened rows are kept by
    // all of their columns, and other endpoints read these.
    let columns = [
        partner.address.clone(),
        partner.contact_no.clone(),
        partner.email_id.clone(),
    ];
    let (validity, name, opened) = join3(
        validity(&context, alias.filter(|alias| !alias.is_empty())),
        context.keycloak.name_of(&people),
        context.personal_data.open(columns),
    )
    .await;
    let validity = validity?;
    let [_, contact_number, email_id] = opened?;
    let name = name.unwrap_or_default();
    Ok(PartnerInFull {
        first_name: name.first_name,
        last_name: name.last_name,
        approval_status: partner.approval_status,
        created_date_time: partner.cr_dtimes.into(),
        partner_type: partner.partner_type_code,
        organization_name: partner.name,
        contact_number,
        policy_group_name: group_name,
        policy_group_description: group_description,
        email_id,
        certificate_upload_date_time: validity.map(|v| v.not_before.naive_utc().into()),
        certificate_expiry_date_time: validity.map(|v| v.not_after.naive_utc().into()),
        is_certificate_available: validity.is_some(),
        certificate_upload_status: certificates::upload_status(validity.is_some()),
        is_active: partner.is_active,
        partner_id: partner.id,
    })
}

fn find(conn: &mut Connection, caller: &Caller, id: &str) -> Result<PartnerWithGroup, DbError> {
    visibility::own_partners(conn, caller, 1)?;
    let found = partners::find_with_group(conn, id)?.ok_or(errors::PARTNER_UNKNOWN)?;
    let group_id = found.partner.policy_group_id.as_deref();
    // A user without one, such as an administrator, is shown without.
    let has_group = group_id.is_some_and(|id| !id.is_empty());
    if has_group && found.group_name.is_none() {
        return Err(errors::POLICY_GROUP_NOT_FOUND.into());
    }
    Ok(found)
}

/// When the partner's certificate is valid; `None` for one without.
async fn validity(context: &Context, alias: Option<&str>) -> ApiResult<Option<Validity>> {
    let Some(alias) = alias else {
        return Ok(None);
    };
    let certificate = context.key_manager.partner_certificate(alias).await?;
    Ok(Some(certificates::validity(&certificate.certificate_data)?))
}
