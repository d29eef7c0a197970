//! MISP licences: who gets one, and how long it lasts (partner administration
//! contract §2).

pub mod errors;
pub mod licence;
