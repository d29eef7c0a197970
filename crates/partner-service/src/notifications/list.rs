//! `GET /notifications`
//!
//! Notifications to the caller's own partners, newest first
//! (contract clients-users-notifications.md §3.3).

use actix_web::web;
use pms_database::search::lists::{NotificationFilter, NotificationItem, NotificationList};
use pms_database::{Connection, DbError};
use pms_domain::ErrorDef;
use pms_domain::notification::errors;
use pms_domain::partner::errors::{PARTNER_ID_EMPTY, USER_WITHOUT_PARTNERS};
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Query, lenient};
use serde::Serialize;
use utoipa::ToSchema;

use super::query::NotificationQuery;
use super::{NotificationDetails, addressees};
use crate::Context;

/// A notification.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Id of the notification.
    pub notification_id: String,
    /// Partner id.
    pub notification_partner_id: String,
    /// `ROOT_CERT_EXPIRY`, `INTERMEDIATE_CERT_EXPIRY`, `PARTNER_CERT_EXPIRY`,
    /// `WEEKLY_SUMMARY`, `FTM_CHIP_CERT_EXPIRY`, `SBI_EXPIRY`, `API_KEY_EXPIRY` or
    /// `MISP_LICENSE_KEY_EXPIRY`.
    pub notification_type: String,
    /// `ACTIVE` or `DISMISSED`.
    pub notification_status: String,
    /// When it was made.
    pub created_date_time: LocalDateTime,
    /// What it is about.
    pub notification_details: Option<NotificationDetails>,
}

/// Lists notifications.
///
/// # Errors
/// The checks of contract clients-users-notifications.md §3.3 in its order, details that can't be
/// read.
pub async fn handle(
    caller: Caller,
    request: ListRequest<NotificationList>,
    Query(query): Query<NotificationQuery>,
    context: web::Data<Context>,
) -> ApiResult<Page<Notification>> {
    request.check()?;
    let filter = query.filter(caller.is_partner_admin(), &context.notice_kinds)?;
    let visible = Visible::only(move |conn| {
        let of_partners = visible_to(conn, &caller)?;
        let filter = NotificationFilter {
            of_partners,
            ..filter
        };
        Ok(filter.conditions())
    });
    let page = context.lists.rows(request, visible);
    let mut fault = None;
    let page = page.await?.map(|item| {
        let details = read(&item).unwrap_or_else(|error| {
            fault = Some(error);
            None
        });
        Notification::of(item, details)
    });
    match fault {
        Some(error) => Err(error.into()),
        None => Ok(Page(page)),
    }
}

/// The partners whose notifications the caller may see: all own ones for
/// administrators, the active own ones for others.
fn visible_to(conn: &mut Connection, caller: &Caller) -> Result<Vec<String>, DbError> {
    let own = addressees::of_caller(conn, caller)?;
    if own.is_empty() {
        return Err(USER_WITHOUT_PARTNERS.into());
    }
    if own.iter().any(|(id, _)| id.is_empty()) {
        return Err(PARTNER_ID_EMPTY.into());
    }
    let seen = own
        .into_iter()
        .filter(|(_, active)| *active || caller.is_partner_admin());
    Ok(seen.map(|(id, _)| id).collect())
}

fn read(item: &NotificationItem) -> Result<Option<NotificationDetails>, ErrorDef> {
    let unreadable = |error: &dyn std::fmt::Display| {
        tracing::warn!(notification = %item.id, %error, "the details can't be read");
        errors::DETAILS_UNREADABLE
    };
    let value = lenient::parse(item.notification_details_json.as_bytes())
        .map_err(|error| unreadable(&error))?;
    lenient::read(&value).map_err(|error| unreadable(&error))
}

impl Notification {
    fn of(item: NotificationItem, details: Option<NotificationDetails>) -> Self {
        Self {
            notification_id: item.id,
            notification_partner_id: item.partner_id,
            notification_type: item.notification_type,
            notification_status: item.notification_status,
            created_date_time: item.cr_dtimes.into(),
            notification_details: details,
        }
    }
}
