//! REST clients of the peers, and the outbox dispatcher.
//!
//! One file per peer. Every client is pooled, bounded in time, verifies TLS,
//! and never puts a token, a key or a payload into a log or an error.

pub mod audit;
mod authorised;
pub mod breaker;
pub mod datashare;
pub mod dispatcher;
pub mod esignet;
pub mod http;
pub mod key_manager;
pub mod keycloak;
pub mod keycloak_users;
pub mod mail;
pub mod observer;
pub mod role_users;
pub mod service_token;
pub mod trust_chains;
pub mod velocity;
pub mod websub;

pub use breaker::Breaker;
pub use dispatcher::{Dispatcher, DispatcherSettings};
pub use esignet::Esignet;
pub use key_manager::KeyManager;
pub use keycloak::Keycloak;
pub use keycloak_users::KeycloakUsers;
pub use observer::Observer;
pub use role_users::{RoleUser, RoleUsers};
pub use service_token::ServiceToken;
