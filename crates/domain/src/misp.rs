//! MISP licences: who gets one, and how long it lasts
//! (contract partner-admin.md §2).

pub mod errors;
pub mod licence;
