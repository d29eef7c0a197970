//! Notifications to partners.

mod details;
pub mod dismiss;
pub mod list;
pub mod query;

pub use details::{
    ApiKeyNotice, CertificateNotice, FtmChipNotice, InterfaceNotice, MispLicenceNotice,
    NotificationDetails,
};
