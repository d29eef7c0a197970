//! Peers as real HTTP servers on loopback, which record what they are asked.

mod identity;
pub mod key_manager;
mod recorder;

pub use identity::IdentityPeer;
pub use key_manager::KeyManagerPeer;
pub use recorder::{Behaviour, Recorded, RecordingPeer};
