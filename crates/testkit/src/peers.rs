//! Peers as real HTTP servers on loopback, which record what they are asked.

mod audit;
pub mod datashare;
mod identity;
pub mod key_manager;
mod multipart;
mod notifier;
mod oidc;
mod recorder;
mod stand_in;
mod templates;

pub use audit::AuditPeer;
pub use datashare::DatasharePeer;
pub use identity::IdentityPeer;
pub use key_manager::KeyManagerPeer;
pub use notifier::{NotifierPeer, SentMail};
pub use oidc::OidcPeer;
pub use recorder::{Behaviour, Recorded, RecordingPeer};
pub use stand_in::Fault;
pub use templates::TemplatesPeer;
