//! One upload of a partner at a time is with the key manager.

use std::time::{Duration, Instant};

use pms_database::upload_slots::{self, UploadSlot};
use pms_database::{Connection, DbError};
use pms_web::settings::Settings;
use pms_web::{ApiError, ApiResult};

use crate::Context;

/// First and longest pause between two looks at a slot that is taken.
const PAUSES: (Duration, Duration) = (Duration::from_millis(15), Duration::from_millis(240));

/// The times of upload slots.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SlotTimes {
    /// Longest call of the key manager.
    pub(super) call: Duration,
    /// When the slot of a process that died, or that got no answer from the key
    /// manager in time, passes on: the call may still be at work there.
    length: Duration,
    /// How long an upload waits for its slot, from the request's beginning on.
    /// What is left of the request's time is for its work.
    patience: Duration,
}

impl SlotTimes {
    pub(crate) fn of(settings: &Settings) -> Self {
        let call = Duration::from_millis(settings.key_manager.timeout_ms);
        let request = Duration::from_secs(settings.limits.request_seconds.get());
        Self {
            call,
            length: call * 3,
            patience: request * 2 / 3,
        }
    }
}

/// Waits for the slot of a partner in a request that began at `started_at`.
///
/// # Errors
/// Busy when others have it for too long.
pub(super) async fn take(
    context: &Context,
    partner_id: &str,
    started_at: Instant,
) -> ApiResult<UploadSlot> {
    let SlotTimes {
        length, patience, ..
    } = context.upload_slots;
    let mut longest = PAUSES.0;
    loop {
        let partner_id = partner_id.to_owned();
        let take = move |conn: &mut Connection| upload_slots::take(conn, &partner_id, length);
        if let Some(slot) = context.db.read(take).await? {
            return Ok(slot);
        }
        if started_at.elapsed() + longest > patience {
            return Err(ApiError::Busy(
                "other certificates of the partner are uploaded",
            ));
        }
        // Those who came together shall not look together.
        tokio::time::sleep(longest.mul_f64(0.5 + rand::random::<f64>() / 2.0)).await;
        longest = (longest * 2).min(PAUSES.1);
    }
}

/// Ends the slot of an upload that failed. Where that fails too, it ends by
/// itself.
pub(super) async fn give_up(context: &Context, slot: UploadSlot) {
    let end = move |conn: &mut Connection| upload_slots::end(conn, &slot).map_err(DbError::from);
    if let Err(error) = context.db.read(end).await {
        let message = "a slot at the key manager ends only by itself";
        pms_log::warn(message, &error.to_string(), |line| {
            tracing::warn!(%error, "{line}");
        });
    }
}
