//! Users of the portal: their consent, and what they have seen.

pub mod errors;
