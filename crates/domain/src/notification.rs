//! Notifications to partners: what ends, and weekly summaries.

pub mod audits;
pub mod dismissal;
pub mod due;
pub mod errors;
mod kind;

pub use kind::Kind;

/// `notification_status` of a notification that was not dismissed.
pub const ACTIVE: &str = "ACTIVE";
/// `notification_status` of a notification that its partner has put away.
pub const DISMISSED: &str = "DISMISSED";
