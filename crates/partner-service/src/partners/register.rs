//! `POST /partners`
//!
//! Self-registration (contract partner.md §4.1).

use actix_web::web;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields as rules;
use super::registration::{Registered, Registration};
use crate::Context;

/// The partner to be.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RegisterPartner {
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
}

impl Request for RegisterPartner {
    fn check(&self, fields: &mut Checks) {
        rules::check_identity(
            fields,
            self.partner_id.as_deref(),
            self.organization_name.as_deref(),
        );
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
    }
}

/// Registers a partner.
///
/// # Errors
/// The rules of contract partner.md §4.1, in its order.
pub async fn handle(
    caller: Caller,
    Body(request): Body<RegisterPartner>,
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
        logo_url: None,
        additional_info: "[]".to_owned(),
    };
    registration.run(&caller, &context).await
}
