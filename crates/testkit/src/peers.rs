//! Peers as real HTTP servers on loopback, which record their requests.

mod audit;
pub mod datashare;
pub mod esignet;
mod identity;
pub mod key_manager;
mod keycloak_admin;
mod notifier;
mod oidc;
mod recorder;
mod stand_in;
mod templates;

pub use audit::AuditPeer;
pub use datashare::DatasharePeer;
pub use esignet::EsignetPeer;
pub use identity::IdentityPeer;
pub use key_manager::KeyManagerPeer;
pub use keycloak_admin::KeycloakAdminPeer;
pub use notifier::{NotifierPeer, SentMail};
pub use oidc::OidcPeer;
pub use pms_peers::{Fault, Recorded};
pub use recorder::{Behaviour, RecordingPeer};
pub use templates::TemplatesPeer;
