//! The consent of a user, as the wire has it.

use chrono::NaiveDateTime;
use pms_web::wire::LocalDateTime;
use serde::Serialize;
use utoipa::ToSchema;

/// Whether a user consented.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserConsent {
    /// User id.
    pub user_id: String,
    /// Whether the user consented.
    pub consent_given: bool,
    /// When that was.
    pub consent_given_date_time: Option<LocalDateTime>,
}

impl UserConsent {
    /// Of a user who consented `at` this time, or never.
    pub(super) fn new(user_id: impl Into<String>, at: Option<NaiveDateTime>) -> Self {
        Self {
            user_id: user_id.into(),
            consent_given: at.is_some(),
            consent_given_date_time: at.map(Into::into),
        }
    }
}
