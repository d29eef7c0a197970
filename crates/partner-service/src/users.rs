//! Users of the portal.

mod consent;
pub mod get_consent;
pub mod give_consent;
pub mod notifications_seen;
pub mod register;
pub mod set_notifications_seen;
