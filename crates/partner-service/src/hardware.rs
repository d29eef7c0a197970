//! What devices, SBIs and FTM chips have in common: the fields of their requests, their
//! providers, the decision of an administrator about them and the end of their use. One
//! handler for each of the last two, over what a use case says about its rows.

pub mod deactivate;
pub mod decide;
pub mod fields;
pub(crate) mod providers;
