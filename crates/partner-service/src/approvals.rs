//! What devices, SBIs and FTM chips have in common: an administrator decides about
//! them, and their use can be ended. One handler each, over what a use case says
//! about its rows.

pub mod deactivate;
pub mod decide;
