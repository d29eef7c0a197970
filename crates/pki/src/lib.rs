#![doc = include_str!("../README.md")]

mod at_rest;
pub mod certificate;
mod der;
mod elliptic;
pub mod envelope;
pub mod errors;
pub mod issue;
pub mod jwk;
pub mod jws;
pub mod key_life;
mod key_manager_error;
pub mod keys;
pub mod pack;
pub mod reading;
pub mod rules;
mod signer;
pub mod trust;
mod wrapped;

pub use at_rest::Kek;
pub use certificate::Certificate;
pub use elliptic::{EllipticCurve, EllipticKey};
pub use jwk::{JwkFault, PublicJwk};
pub use key_manager_error::{KeyManagerError, PkiError};
pub use keys::{DecryptingKey, Pkcs8, SigningKey};
pub use signer::Signer;
pub use wrapped::open_base_key;
