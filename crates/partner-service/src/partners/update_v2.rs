//! `PUT /partners/v2/{partnerId}`
//!
//! New address, telephone number, logo and additional information
//! (contract partner.md §4.5).

use actix_web::web;
use pms_web::lenient::JsonText;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::branding;
use super::fields as rules;
use super::profile_update::{Branding, ProfileUpdate, Updated};
use crate::Context;

/// New values; a missing logo or information empties what there was.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdatePartnerV2 {
    /// Postal address.
    pub address: Option<String>,
    /// Telephone number.
    pub contact_number: Option<String>,
    /// Address of the logo.
    pub logo_url: Option<String>,
    /// Anything else.
    #[serde(deserialize_with = "branding::present")]
    #[schema(value_type = Option<serde_json::Value>)]
    pub additional_info: Option<JsonText>,
}

impl Request for UpdatePartnerV2 {
    fn check(&self, fields: &mut Checks) {
        rules::check_reach(
            fields,
            self.address.as_deref(),
            self.contact_number.as_deref(),
        );
        branding::check_logo(fields, self.logo_url.as_deref());
    }
}

/// Changes a partner's profile.
///
/// # Errors
/// The rules of contract partner.md §4.4, in its order.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<UpdatePartnerV2>,
    context: web::Data<Context>,
) -> ApiResult<Updated> {
    let additional_info = branding::text(request.additional_info.as_ref());
    branding::check_length(&additional_info, &context)?;
    let update = ProfileUpdate {
        partner_id: id.into_inner(),
        address: request.address.unwrap_or_default(),
        contact_number: request.contact_number.unwrap_or_default(),
        branding: Some(Branding {
            logo_url: request.logo_url,
            additional_info,
        }),
    };
    update.run(caller, &context).await
}
