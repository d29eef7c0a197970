//! Notifications to partners: certificates that end, and weekly summaries.

pub mod dismissal;
pub mod errors;
mod kind;

pub use kind::Kind;

/// `notification_status` of a notification that its partner has put away.
pub const DISMISSED: &str = "DISMISSED";
