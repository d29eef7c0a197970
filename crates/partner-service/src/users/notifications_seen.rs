//! `GET /users/{userId}/notifications-seen-timestamp`
//!
//! When a user last looked at the notifications (contract clients-users-notifications.md §2.7).

use actix_web::web;
use pms_database::users;
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_domain::user::errors;
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// When notifications were seen.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationsSeen {
    /// The last time; none before the first.
    pub notifications_seen_dtimes: Option<LocalDateTime>,
}

/// Tells when a user last looked at the notifications, with one statement: the
/// portal asks with every page.
///
/// # Errors
/// A user without partners, another user, a user without details.
pub async fn handle(
    caller: Caller,
    user_id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<NotificationsSeen> {
    let user_id = user_id.into_inner();
    let found = context.db.read(move |conn| {
        let found = users::find(conn, &user_id)?;
        if !found.has_partners {
            return Err(USER_WITHOUT_PARTNERS.into());
        }
        caller.require_reader(&user_id, &user_id)?;
        Ok(found)
    });
    let details = found.await?.details.ok_or(errors::DETAILS_UNKNOWN)?;
    Ok(NotificationsSeen {
        notifications_seen_dtimes: details.notifications_seen_dtimes.map(Into::into),
    })
}
