//! `GET /securebiometricinterface`
//!
//! SBIs with counts of their devices: everybody's for administrators, their
//! own for providers (contract devices.md §11.9).

use actix_web::web;
use chrono::{NaiveDateTime, NaiveTime};
use pms_database::search::ListQuery;
use pms_database::search::lists::{DeviceCounts, InterfaceFilter, InterfaceItem, InterfaceList};
use pms_database::{Connection, DbError, partners};
use pms_domain::device::status::displayed;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
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
pub struct InterfaceListQuery {
    /// `partnerId`, `orgName`, `partnerType`, `sbiId`, `sbiVersion`,
    /// `sbiCreatedDateTime`, `sbiExpiryDateTime`, `status`, `createdDateTime`,
    /// `sbiExpiryStatus` or `countOfAssociatedDevices`.
    pub sort_field_name: Option<String>,
    /// `asc` or `desc`; without both the newest come first.
    pub sort_type: Option<String>,
    /// Index of the page, from 0; without page everything is listed.
    #[serde(deserialize_with = "optional_integer")]
    pub page_no: Option<i64>,
    /// Rows of a page.
    #[serde(deserialize_with = "optional_integer")]
    pub page_size: Option<i64>,
    /// Part of the provider's partner id.
    pub partner_id: Option<String>,
    /// Part of the organisation's name.
    pub org_name: Option<String>,
    /// Part of the id of the SBI.
    pub sbi_id: Option<String>,
    /// Part of the version.
    pub sbi_version: Option<String>,
    /// Exactly `approved`, `rejected`, `pending_approval` or `deactivated`.
    pub status: Option<String>,
    /// Exactly `expired` or `valid`.
    pub sbi_expiry_status: Option<String>,
}

/// An SBI in the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ListedInterface {
    /// Partner id of the provider.
    pub partner_id: Option<String>,
    /// Name of the organisation.
    pub org_name: Option<String>,
    /// Id of the SBI.
    pub sbi_id: String,
    /// Version of the software.
    pub sbi_version: String,
    /// `approved`, `rejected`, `pending_approval` or `deactivated`.
    pub status: Option<&'static str>,
    /// Whether the SBI is active.
    pub is_active: bool,
    /// When the software was made.
    pub sbi_created_date_time: Option<LocalDateTime>,
    /// When the software expires.
    pub sbi_expiry_date_time: Option<LocalDateTime>,
    /// `expired` before today, else `valid`.
    pub sbi_expiry_status: &'static str,
    /// Mappings to devices, in any state.
    pub count_of_associated_devices: i64,
    /// Mapped devices that are approved and active.
    pub count_of_approved_devices: i64,
    /// Mapped devices that wait for approval.
    pub count_of_pending_devices: i64,
    /// When the SBI was added.
    pub created_date_time: LocalDateTime,
}

/// Lists SBIs.
///
/// # Errors
/// The checks of contract devices.md §7, then a caller without partners.
pub async fn list(
    caller: Caller,
    Query(query): Query<InterfaceListQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedInterface>> {
    let today = context.now().date().and_time(NaiveTime::MIN);
    let (wanted, filter) = query.split(today);
    let page = context.list::<InterfaceList>(wanted, move |conn| {
        let filter = InterfaceFilter {
            of_partners: providers(conn, &caller)?,
            ..filter
        };
        Ok(filter.conditions())
    });
    let page = page.await?;
    Ok(Page(page.map(|row| ListedInterface::of(row, today))))
}

/// The providers whose SBIs the caller may see, whatever their type and
/// status; `None` for all.
fn providers(conn: &mut Connection, caller: &Caller) -> Result<Option<Vec<String>>, DbError> {
    if caller.is_partner_admin() {
        return Ok(None);
    }
    let own = partners::owned_by(conn, caller.user_id())?;
    if own.is_empty() {
        return Err(USER_WITHOUT_PARTNERS.into());
    }
    Ok(Some(own))
}

impl InterfaceListQuery {
    fn split(self, today: NaiveDateTime) -> (ListQuery, InterfaceFilter) {
        let wanted = ListQuery {
            sort_field_name: self.sort_field_name,
            sort_type: self.sort_type,
            page_no: self.page_no,
            page_size: self.page_size,
        };
        let filter = InterfaceFilter {
            of_partners: None,
            today,
            partner_id: self.partner_id,
            org_name: self.org_name,
            sbi_id: self.sbi_id,
            sbi_version: self.sbi_version,
            status: self.status,
            expiry_status: self.sbi_expiry_status,
        };
        (wanted, filter)
    }
}

impl ListedInterface {
    fn of((item, devices): (InterfaceItem, DeviceCounts), today: NaiveDateTime) -> Self {
        let expired = item.sw_expiry_dtimes.is_some_and(|end| end < today);
        Self {
            status: displayed(&item.approval_status, item.is_active),
            partner_id: item.provider_id,
            org_name: item.partner_org_name,
            sbi_id: item.id,
            sbi_version: item.sw_version,
            is_active: item.is_active,
            sbi_created_date_time: item.sw_cr_dtimes.map(Into::into),
            sbi_expiry_date_time: item.sw_expiry_dtimes.map(Into::into),
            sbi_expiry_status: if expired { "expired" } else { "valid" },
            count_of_associated_devices: devices.associated,
            count_of_approved_devices: devices.approved,
            count_of_pending_devices: devices.pending,
            created_date_time: item.cr_dtimes.into(),
        }
    }
}
