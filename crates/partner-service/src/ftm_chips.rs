//! Chips of the foundational trust module (FTM).

pub mod list;
