//! `GET /ftpchipdetail/v2`
//!
//! FTM chips in pages, for administrators (contract devices.md §10.10).

use actix_web::web;
use pms_database::search::ListQuery;
use pms_database::search::lists::{FtmChipFilter, FtmChipItem, FtmChipList};
use pms_domain::device::status::displayed;
use pms_web::query::optional_integer;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Context;
use crate::pages::Page;

/// Order, page and filters; texts contain, ignoring case.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct FtmChipListQuery {
    /// `partnerId`, `orgName`, `ftmId`, `make`, `model`, `status` or
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
    /// Part of the provider's partner id.
    pub partner_id: Option<String>,
    /// Part of the organisation's name.
    pub org_name: Option<String>,
    /// Part of the chip's id.
    pub ftm_id: Option<String>,
    /// Part of the make.
    pub make: Option<String>,
    /// Part of the model.
    pub model: Option<String>,
    /// Exactly `approved`, `rejected`, `pending_cert_upload`,
    /// `pending_approval` or `deactivated`.
    pub status: Option<String>,
}

/// An FTM chip in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedFtmChip {
    /// Id of the chip.
    pub ftm_id: String,
    /// Partner id of the provider.
    pub partner_id: String,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Make.
    pub make: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// `approved`, `rejected`, `pending_cert_upload`, `pending_approval` or
    /// `deactivated`.
    pub status: Option<&'static str>,
    /// Whether the chip is active.
    pub is_active: bool,
    /// Whether a certificate was uploaded.
    pub is_certificate_available: bool,
    /// When the chip was added.
    pub created_date_time: LocalDateTime,
}

/// Lists FTM chips.
///
/// # Errors
/// The checks of contract devices.md §7.
pub async fn list(
    _: Caller,
    Query(query): Query<FtmChipListQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedFtmChip>> {
    let (wanted, filter) = query.split();
    let page = context.list::<FtmChipList>(wanted, move |_| Ok(filter.conditions()));
    Ok(Page(page.await?.map(ListedFtmChip::from)))
}

impl FtmChipListQuery {
    fn split(self) -> (ListQuery, FtmChipFilter) {
        let wanted = ListQuery {
            sort_field_name: self.sort_field_name,
            sort_type: self.sort_type,
            page_no: self.page_no,
            page_size: self.page_size,
        };
        let filter = FtmChipFilter {
            partner_id: self.partner_id,
            org_name: self.org_name,
            ftm_id: self.ftm_id,
            make: self.make,
            model: self.model,
            status: self.status,
        };
        (wanted, filter)
    }
}

impl From<FtmChipItem> for ListedFtmChip {
    fn from(item: FtmChipItem) -> Self {
        Self {
            status: displayed(&item.approval_status, item.is_active),
            ftm_id: item.id,
            partner_id: item.foundational_trust_provider_id,
            org_name: item.partner_org_name,
            make: item.make,
            model: item.model,
            is_active: item.is_active,
            is_certificate_available: item.certificate_alias.is_some(),
            created_date_time: item.cr_dtimes.into(),
        }
    }
}
