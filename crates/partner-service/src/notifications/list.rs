//! `GET /notifications`
//!
//! Notifications to the caller's own partners, newest first
//! (contract clients-users-notifications.md §3.3).

use actix_web::web;
use chrono::NaiveDate;
use pms_database::partners;
use pms_database::search::lists::{NotificationFilter, NotificationItem, NotificationList};
use pms_database::{Connection, DbError};
use pms_domain::notification::{Kind, errors};
use pms_domain::partner::errors::{PARTNER_ID_EMPTY, USER_WITHOUT_PARTNERS};
use pms_domain::{BusinessError, ErrorDef};
use pms_runtime::Visible;
use pms_web::list::{ListRequest, Page};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller, Query, lenient};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::NotificationDetails;
use crate::Context;

/// Filters. Only `weekly` can be filtered by creation, and only the
/// other types by certificate.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct NotificationQuery {
    /// `active` or `dismissed`.
    pub notification_status: Option<String>,
    /// `root`, `intermediate`, `partner` or `weekly`; any other has no rows.
    pub notification_type: Option<String>,
    /// Part of the certificate's id.
    pub certificate_id: Option<String>,
    /// Day that the certificate ends, `yyyy-MM-dd`.
    pub expiry_date: Option<String>,
    /// Part of the certificate's issuer.
    pub issued_by: Option<String>,
    /// Part of the certificate's subject.
    pub issued_to: Option<String>,
    /// Domain of the certificate.
    pub partner_domain: Option<String>,
    /// First day of creation, `yyyy-MM-dd`.
    pub created_from_date: Option<String>,
    /// Last day of creation, `yyyy-MM-dd`.
    pub created_to_date: Option<String>,
}

/// A notification.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Id of the notification.
    pub notification_id: String,
    /// Partner id.
    pub notification_partner_id: String,
    /// `ROOT_CERT_EXPIRY`, `INTERMEDIATE_CERT_EXPIRY`, `PARTNER_CERT_EXPIRY` or
    /// `WEEKLY_SUMMARY`.
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
    let filter = query.filter(caller.is_partner_admin())?;
    let visible = Visible::only(move |conn| {
        let of_partners = addressees(conn, &caller)?;
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
fn addressees(conn: &mut Connection, caller: &Caller) -> Result<Vec<String>, DbError> {
    let own = partners::activity_of_owned(conn, caller.user_id())?;
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
    let value = serde_json::from_str(&item.notification_details_json)
        .map_err(|error| unreadable(&error))?;
    lenient::read(&value).map_err(|error| unreadable(&error))
}

impl NotificationQuery {
    fn filter(self, admin: bool) -> Result<NotificationFilter, BusinessError> {
        let expires_on = date(self.expiry_date.as_deref(), "expiryDate")?;
        let created_from = date(self.created_from_date.as_deref(), "createdFromDate")?;
        let created_to = date(self.created_to_date.as_deref(), "createdToDate")?;
        let kinds = self.kinds(admin)?;
        let status = self.notification_status;
        Ok(match kinds.as_slice() {
            [Kind::WeeklySummary] => NotificationFilter {
                kinds,
                status,
                created_from,
                created_to,
                ..NotificationFilter::default()
            },
            _ => NotificationFilter {
                kinds,
                status,
                certificate_id: self.certificate_id,
                issued_by: self.issued_by,
                issued_to: self.issued_to,
                partner_domain: self.partner_domain,
                expires_on,
                ..NotificationFilter::default()
            },
        })
    }

    fn kinds(&self, admin: bool) -> Result<Vec<Kind>, ErrorDef> {
        let by_creation = self.created_from_date.is_some() || self.created_to_date.is_some();
        let Some(name) = &self.notification_type else {
            if by_creation || self.asks_for_certificates() {
                return Err(errors::FILTERS_WITHOUT_TYPE);
            }
            return Ok(if admin {
                Kind::OF_ADMINS.to_vec()
            } else {
                Kind::OF_PARTNERS.to_vec()
            });
        };
        let kind = Kind::of_filter(name);
        if !admin && kind.is_some_and(Kind::is_for_admins) {
            return Err(errors::FOR_ADMINS_ONLY);
        }
        if by_creation && kind != Some(Kind::WeeklySummary) {
            return Err(errors::CREATION_DATES_OF_OTHER_TYPE);
        }
        Ok(kind.into_iter().collect())
    }

    const fn asks_for_certificates(&self) -> bool {
        self.certificate_id.is_some()
            || self.issued_by.is_some()
            || self.issued_to.is_some()
            || self.partner_domain.is_some()
            || self.expiry_date.is_some()
    }
}

/// `yyyy-MM-dd`, and nothing else.
fn date(text: Option<&str>, field: &str) -> Result<Option<NaiveDate>, BusinessError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    // chrono alone would take `2025-1-2`.
    let day = day.filter(|day| day.format("%Y-%m-%d").to_string() == text);
    let day = day.ok_or_else(|| errors::INVALID_DATE.with(&[field]))?;
    Ok(Some(day))
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
