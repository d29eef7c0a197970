//! `PUT /partners/{partnerId}`
//!
//! New address and telephone number (contract partner.md §4.4).

use actix_web::web;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields as rules;
use super::profile_update::{ProfileUpdate, Updated};
use crate::Context;

/// New values.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdatePartner {
    /// Postal address.
    pub address: Option<String>,
    /// Telephone number.
    pub contact_number: Option<String>,
}

impl Request for UpdatePartner {
    fn check(&self, fields: &mut Checks) {
        rules::check_reach(
            fields,
            self.address.as_deref(),
            self.contact_number.as_deref(),
        );
    }
}

/// Changes a partner's profile. Logo and additional information stay.
///
/// # Errors
/// The rules of contract partner.md §4.4, in its order.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<UpdatePartner>,
    context: web::Data<Context>,
) -> ApiResult<Updated> {
    let update = ProfileUpdate {
        partner_id: id.into_inner(),
        address: request.address.unwrap_or_default(),
        contact_number: request.contact_number.unwrap_or_default(),
        branding: None,
    };
    update.run(caller, &context).await
}
