//! Notifications to partners.

mod details;
pub mod dismiss;
pub mod list;

pub use details::{
    ApiKeyNotice, CertificateNotice, FtmChipNotice, InterfaceNotice, NotificationDetails,
};
