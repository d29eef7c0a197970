//! `POST /partners/v2`
//!
//! Self-registration with logo and additional information (contract partner.md §4.2).

use actix_web::web;
use pms_web::lenient::JsonText;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::branding;
use super::fields as rules;
use super::registration::{Registered, Registration};
use crate::Context;

/// The partner to be.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RegisterPartnerV2 {
    /// Its id from now on.
    pub partner_id: Option<String>,
    /// Name of the organisation; its certificate must carry it.
    pub organization_name: Option<String>,
    /// Postal address.
    pub address: Option<String>,
    /// Telephone number.
    pub contact_number: Option<String>,
    /// E-mail address.
    pub email_id: Option<String>,
    /// Code of the partner type, in any case.
    pub partner_type: Option<String>,
    /// Name of its policy group, if its type needs one.
    pub policy_group: Option<String>,
    /// Language of its mails.
    pub lang_code: Option<String>,
    /// Address of its logo.
    pub logo_url: Option<String>,
    /// Anything else.
    #[serde(deserialize_with = "branding::present")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub additional_info: Option<JsonText>,
}

impl Request for RegisterPartnerV2 {
    fn check(&self, fields: &mut Checks) {
        let (id, name) = (
            self.partner_id.as_deref(),
            self.organization_name.as_deref(),
        );
        rules::check_identity(fields, id, name);
        rules::check_contact(
            fields,
            self.address.as_deref(),
            self.contact_number.as_deref(),
            self.email_id.as_deref(),
        );
        rules::check_choices(
            fields,
            self.partner_type.as_deref(),
            self.policy_group.as_deref(),
        );
        branding::check_logo(fields, self.logo_url.as_deref());
    }
}

/// Registers a partner.
///
/// # Errors
/// The rules of contract partner.md §4.1, in its order.
pub async fn handle(
    caller: Caller,
    Body(request): Body<RegisterPartnerV2>,
    context: web::Data<Context>,
) -> ApiResult<Registered> {
    let registration = Registration {
        partner_id: request.partner_id.unwrap_or_default(),
        organization_name: request.organization_name.unwrap_or_default(),
        address: request.address.unwrap_or_default(),
        contact_number: request.contact_number.unwrap_or_default(),
        email_id: request.email_id.unwrap_or_default(),
        partner_type: request.partner_type.unwrap_or_default(),
        policy_group: request.policy_group,
        lang_code: request.lang_code,
        logo_url: request.logo_url,
        additional_info: branding::text(request.additional_info.as_ref()),
    };
    branding::check_length(&registration.additional_info, &context)?;
    registration.run(&caller, &context).await
}
