//! Notifications to partners.

mod addressees;
mod details;
pub mod dismiss;
pub mod list;
pub mod query;

use pms_domain::notification::errors::{NOT_DISMISSED, NOT_FETCHED};
use pms_web::Access::Role;
use pms_web::{Route, Rows, v2, v2_checked};

pub use details::{
    ApiKeyNotice, CertificateNotice, FtmChipNotice, InterfaceNotice, MispLicenceNotice,
    NotificationDetails,
};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_NOTIFICATIONS: &str = "mosip.pms.notifications.get";
    const DISMISS: &str = "mosip.pms.dismiss.notification.patch";
    vec![
        rows.get("/notifications", Role("getnotifications"), v2(LIST_NOTIFICATIONS, NOT_FETCHED), list::handle).summary("List the notifications of the caller's partners"),
        rows.patch("/notifications/{notificationId}", Role("patchdismissnotification"), v2_checked(DISMISS, NOT_DISMISSED), dismiss::handle).summary("Dismiss a notification"),
    ]
}
