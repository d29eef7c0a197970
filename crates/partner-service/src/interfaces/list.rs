//! `GET /securebiometricinterface`
//!
//! SBIs with counts of their devices: all for administrators, their
//! own for providers (contract devices.md §11.9).

use actix_web::web;
use chrono::{NaiveDateTime, NaiveTime};
use pms_database::partners;
use pms_database::search::List;
use pms_database::search::lists::{DeviceCounts, InterfaceItem, InterfaceList};
use pms_domain::device::status::displayed;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

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
pub async fn handle(
    caller: Caller,
    request: ListRequest<InterfaceList>,
    context: web::Data<Context>,
) -> ApiResult<Page<ListedInterface>> {
    let today = context.now().date().and_time(NaiveTime::MIN);
    let rows = context.lists.rows(request, visible(caller)).await?;
    Ok(Page(rows.map(|row| ListedInterface::of(row, today))))
}

/// SBIs of the caller's partners, whatever their type and status; all for
/// administrators.
fn visible(caller: Caller) -> Visible<<InterfaceList as List>::Source> {
    if caller.is_partner_admin() {
        return Visible::All;
    }
    Visible::only(move |conn| {
        let own = partners::owned_by(conn, caller.user_id())?;
        if own.is_empty() {
            return Err(USER_WITHOUT_PARTNERS.into());
        }
        Ok(vec![InterfaceList::of_partners(own)])
    })
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
