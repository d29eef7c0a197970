//! `PUT /users/{userId}/notifications-seen-timestamp`
//!
//! A user has looked at the notifications (contract clients-users-notifications.md §2.6).

use actix_web::web;
use chrono::{NaiveDateTime, SubsecRound as _, Timelike as _};
use pms_database::locks::{self, Lock};
use pms_database::{Stamp, users};
use pms_domain::partner::errors::USER_WITHOUT_PARTNERS;
use pms_domain::user::errors;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::notifications_seen::NotificationsSeen;
use crate::Context;

/// When that was.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SetNotificationsSeen {
    /// Date and time in UTC, with or without fraction and `Z`.
    #[serde(deserialize_with = "date_time")]
    #[schema(value_type = Option<String>, example = "2025-06-04T10:00:00.000Z")]
    pub notifications_seen_dtimes: Option<NaiveDateTime>,
}

impl Request for SetNotificationsSeen {
    fn check(&self, _: &mut Checks) {}
}

/// Notes when a user last looked at the notifications. Nothing is noted, and
/// nothing is wrong, for a user without details.
///
/// # Errors
/// The rules of contract clients-users-notifications.md §2.6 in its order.
pub async fn handle(
    caller: Caller,
    user_id: web::Path<String>,
    Body(request): Body<SetNotificationsSeen>,
    context: web::Data<Context>,
) -> ApiResult<Option<NotificationsSeen>> {
    let user_id = user_id.into_inner();
    let stamp = Stamp::new(user_id, context.now());
    let noted = context.db.transaction(move |conn| {
        locks::hold(conn, Lock::User(&stamp.by))?;
        let found = users::find(conn, &stamp.by)?;
        if !found.has_partners {
            return Err(USER_WITHOUT_PARTNERS.into());
        }
        caller.require_owner(&stamp.by, &stamp.by)?;
        let Some(details) = found.details else {
            return Ok(None);
        };
        let seen = request
            .notifications_seen_dtimes
            .ok_or(errors::SEEN_MISSING)?;
        users::set_notifications_seen(conn, &details.id, seen, &stamp)?;
        Ok(Some(NotificationsSeen {
            notifications_seen_dtimes: Some(seen.into()),
        }))
    });
    Ok(noted.await?)
}

/// ISO date and time; a `Z` is dropped and the rest kept as it is, as far as
/// the column holds it. Blank text is none.
fn date_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDateTime>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let text = text.as_deref().map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Ok(None);
    }
    let at = read(text).ok_or_else(|| serde::de::Error::custom("not an ISO date and time"))?;
    Ok(Some(at))
}

fn read(text: &str) -> Option<NaiveDateTime> {
    let text = text.strip_suffix('Z').unwrap_or(text);
    // chrono alone would take years of any length, and fewer digits.
    let shape = b"dddd-dd-ddTdd:dd";
    let fits = text.len() >= shape.len()
        && text.bytes().zip(shape).all(|(found, wanted)| match wanted {
            b'd' => found.is_ascii_digit(),
            other => found == *other,
        });
    if !fits {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
        .ok()?;
    // A leap second: chrono takes it, the reference does not.
    (at.nanosecond() < 1_000_000_000).then(|| at.trunc_subsecs(6))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn date_times_have_any_precision_down_to_the_minute() {
        for (text, shown) in [
            ("2025-06-04T10:00:00Z", "2025-06-04T10:00:00"),
            ("2025-06-04T10:00:00.120Z", "2025-06-04T10:00:00.120"),
            (
                "2025-06-04T10:00:00.123456789",
                "2025-06-04T10:00:00.123456",
            ),
            ("2025-06-04T10:00", "2025-06-04T10:00:00"),
        ] {
            let read = read(text).map(|at| format!("{at:?}"));
            assert_eq!(read.as_deref(), Some(shown), "{text}");
        }
        for wrong in [
            "2025-06-04",
            "2025-02-30T10:00:00Z",
            "2025-06-04T10:00:60Z",
            "2025-06-04T10:00:00+00:00",
            "2025-06-04 10:00:00",
            "12025-06-04T10:00:00Z",
            "yesterday",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
