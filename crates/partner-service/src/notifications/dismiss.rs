//! `PATCH /notifications/{notificationId}`
//!
//! Puts a notification away (contract clients-users-notifications.md §3.4).

use actix_web::web;
use pms_database::notifications::{self, NotificationState};
use pms_domain::ErrorDef;
use pms_domain::notification::dismissal::{Facts, Reader};
use pms_domain::notification::{DISMISSED, errors};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::addressees;
use crate::Context;

/// The status that the notification should have.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Dismiss {
    /// `DISMISSED`, exactly.
    pub notification_status: Option<String>,
}

/// A missing request is the envelope's affair.
impl Request for Dismiss {
    fn check(&self, _: &mut Checks) {}

    const OPTIONAL: bool = true;
}

/// A notification that was put away.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dismissed {
    /// Id of the notification.
    pub id: String,
    /// Partner id.
    pub partner_id: String,
    /// Its type.
    pub notification_type: String,
    /// `DISMISSED`.
    pub notification_status: &'static str,
}

/// Dismisses a notification.
///
/// # Errors
/// The rules of contract clients-users-notifications.md §3.4 in its order.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<Dismiss>,
    context: web::Data<Context>,
) -> ApiResult<Dismissed> {
    let id = id.into_inner();
    check(&id, request.notification_status.as_deref())?;
    let stamp = context.stamp(&caller);
    let dismissed = context.db.transaction(move |conn| {
        let found = notifications::lock(conn, &id)?.ok_or(errors::UNKNOWN)?;
        let own = addressees::of_caller(conn, &caller)?;
        let reader = Reader {
            is_admin: caller.is_partner_admin(),
            partners: &own,
        };
        facts(&found).dismiss(reader)?;
        notifications::dismiss(conn, &found.id, &stamp)?;
        Ok(found)
    });
    let NotificationState {
        id,
        partner_id,
        notification_type,
        ..
    } = dismissed.await?;
    Ok(Dismissed {
        id,
        partner_id,
        notification_type,
        notification_status: DISMISSED,
    })
}

fn check(id: &str, status: Option<&str>) -> Result<(), ErrorDef> {
    if id.trim().is_empty() {
        return Err(errors::INVALID_REQUEST);
    }
    match status {
        None => Err(errors::STATUS_MISSING),
        Some(DISMISSED) => Ok(()),
        Some(_) => Err(errors::STATUS_NOT_DISMISSED),
    }
}

fn facts(notification: &NotificationState) -> Facts<'_> {
    Facts {
        kind: &notification.notification_type,
        status: &notification.notification_status,
        partner_id: &notification.partner_id,
    }
}
