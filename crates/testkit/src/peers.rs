//! Peers as real HTTP servers on loopback, which record what they are asked.

mod identity;
mod recorder;

pub use identity::IdentityPeer;
pub use recorder::{Behaviour, Recorded, RecordingPeer};
