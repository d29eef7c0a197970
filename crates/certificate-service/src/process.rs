//! What a process that holds private keys denies to others.

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// Forbids core dumps, and other processes of the same user to look into the
/// memory of this one. Children that start another program may be looked into
/// again, but don't dump either.
///
/// A system that refuses is only logged: a container
/// may forbid even this.
///
/// From here on `/proc/self` belongs to root.
pub fn guard_memory() {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    if let Err(error) = setrlimit(Resource::Core, nothing) {
        tracing::warn!(%error, "core dumps can't be forbidden: they would hold private keys");
    }
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "other processes of this user can read the memory of this one");
    }
}
