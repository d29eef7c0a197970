//! What a process that holds secrets and personal data denies to others.

use rustix::io::Errno;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// What the system refused.
#[derive(Debug)]
#[must_use = "what the system refused belongs into the log"]
pub struct MemoryGuard {
    core_dumps: Option<Errno>,
    readers: Option<Errno>,
}

/// Forbids core dumps, and other processes of the same user to look into the
/// memory of this one: it holds keys, tokens, passwords and opened personal data.
/// Children that start another program may be looked into again, but don't dump
/// either.
///
/// From here on `/proc/self` belongs to root.
pub fn guard_memory() -> MemoryGuard {
    let nothing = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    MemoryGuard {
        core_dumps: setrlimit(Resource::Core, nothing).err(),
        readers: set_dumpable_behavior(DumpableBehavior::NotDumpable).err(),
    }
}

impl MemoryGuard {
    /// Tells the log what the system refused: a container may forbid even this.
    pub fn log(&self) {
        if let Some(error) = self.core_dumps {
            tracing::warn!(%error, "core dumps can't be forbidden: they would hold secrets");
        }
        if let Some(error) = self.readers {
            tracing::warn!(%error, "other processes of this user can read the memory of this one");
        }
    }
}
