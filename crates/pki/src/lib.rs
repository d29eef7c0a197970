#![doc = include_str!("../README.md")]

mod at_rest;
pub mod certificate;
mod der;
pub mod envelope;
pub mod errors;
pub mod issue;
pub mod key_life;
pub mod keys;
pub mod pack;
pub mod reading;
mod refusal;
pub mod rules;
pub mod trust;

pub use at_rest::Kek;
pub use certificate::Certificate;
pub use keys::{DecryptingKey, Pkcs8, SigningKey};
pub use refusal::{Failure, Refusal};
