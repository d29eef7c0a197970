//! `GET /admin-partners`
//!
//! Partners in pages, for administrators (contract partner-admin.md §1.11).

use actix_web::web;
use pms_database::search::ListQuery;
use pms_database::search::lists::{EmailFilter, PartnerFilter, PartnerItem, PartnerList};
use pms_web::query::{optional_flag, optional_integer};
use pms_web::wire::OffsetDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::pages::Page;
use crate::personal_data::email_hash;

/// Order, page and filters; texts contain, ignoring case. `Debug` is left out:
/// an e-mail address is personal.
#[derive(Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct PartnerListQuery {
    /// `partnerId`, `partnerType`, `orgName`, `policyGroupId`,
    /// `policyGroupName`, `certificateUploadStatus`, `status`, `isActive` or
    /// `createdDateTime`.
    pub sort_field_name: Option<String>,
    /// `asc` or `desc`; without both the newest come first.
    pub sort_type: Option<String>,
    /// Index of the page, from 0.
    #[serde(deserialize_with = "optional_integer")]
    pub page_no: Option<i64>,
    /// Rows of a page; 8 unless given.
    #[serde(deserialize_with = "optional_integer")]
    pub page_size: Option<i64>,
    /// Part of the partner id.
    pub partner_id: Option<String>,
    /// Part of the partner type.
    pub partner_type: Option<String>,
    /// Part of the organisation's name.
    pub org_name: Option<String>,
    /// Part of the policy group's name.
    pub policy_group_name: Option<String>,
    /// The whole address, in any case.
    pub email_address: Option<String>,
    /// Exactly `uploaded` or `not_uploaded`.
    pub certificate_upload_status: Option<String>,
    /// Whether the partner is active.
    #[serde(deserialize_with = "optional_flag")]
    pub is_active: Option<bool>,
}

/// A partner in the list. `Debug` is left out: it holds personal data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdminPartner {
    /// Partner id.
    pub partner_id: String,
    /// Code of the partner type.
    pub partner_type: String,
    /// Name of the organisation.
    pub org_name: String,
    /// Id of the policy group.
    pub policy_group_id: Option<String>,
    /// Name of the policy group.
    pub policy_group_name: Option<String>,
    /// E-mail address.
    pub email_address: Option<String>,
    /// `uploaded` or `not_uploaded`.
    pub certificate_upload_status: &'static str,
    /// Approval status.
    pub status: String,
    /// Whether the partner is active.
    pub is_active: bool,
    /// When the partner was registered.
    pub created_date_time: OffsetDateTime,
}

/// Lists partners.
///
/// # Errors
/// The checks of contract partner-admin.md §1.11.
pub async fn list(
    _: Caller,
    Query(query): Query<PartnerListQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<AdminPartner>> {
    let (wanted, filter) = query.split();
    let mut page = context
        .list::<PartnerList>(wanted, move |_| Ok(filter.conditions()))
        .await?;
    let columns = page.data.iter_mut().map(|row| row.email_id.take());
    let columns = context.personal_data.open_readable(columns.collect());
    for (row, email) in page.data.iter_mut().zip(columns.await) {
        row.email_id = email;
    }
    Ok(Page(page.map(AdminPartner::from)))
}

impl PartnerListQuery {
    fn split(self) -> (ListQuery, PartnerFilter) {
        let email = self.email_address.filter(|address| !address.is_empty());
        let wanted = ListQuery {
            sort_field_name: self.sort_field_name,
            sort_type: self.sort_type,
            page_no: self.page_no,
            page_size: self.page_size,
        };
        let filter = PartnerFilter {
            partner_id: self.partner_id,
            partner_type: self.partner_type,
            org_name: self.org_name,
            policy_group_name: self.policy_group_name,
            email_address: email.map(|address| EmailFilter {
                hash: email_hash(address.trim()),
                clear: address,
            }),
            certificate_upload_status: self.certificate_upload_status,
            is_active: self.is_active,
        };
        (wanted, filter)
    }
}

impl From<PartnerItem> for AdminPartner {
    fn from(item: PartnerItem) -> Self {
        Self {
            partner_id: item.id,
            partner_type: item.partner_type_code,
            org_name: item.name,
            policy_group_id: item.policy_group_id,
            policy_group_name: item.group_name,
            email_address: item.email_id,
            certificate_upload_status: if item.certificate_alias.is_some() {
                "uploaded"
            } else {
                "not_uploaded"
            },
            status: item.approval_status,
            is_active: item.is_active,
            created_date_time: item.cr_dtimes.into(),
        }
    }
}
