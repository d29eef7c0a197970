//! Why a cluster doesn't run.

use std::path::PathBuf;

/// Why a cluster doesn't run.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// PostgreSQL's server programs are not on this machine.
    #[error(
        "PostgreSQL not found: no initdb, postgres and pg_ctl on PATH or in \
         /usr/lib/postgresql/*/bin; try: apt-get install postgresql"
    )]
    NotFound,
    /// PostgreSQL refuses to run as root, and there is no other user to run it.
    #[error("PostgreSQL doesn't run as root, and there is no user `postgres` to run it")]
    NoAccount,
    /// Another process runs this cluster.
    #[error("another process uses the database in {0}")]
    InUse(PathBuf),
    /// No path is short enough for the socket.
    #[error("the path of a Unix socket may have 107 bytes at most, {0} is longer")]
    SocketPath(PathBuf),
    /// A directory belongs to another user.
    #[error("{0} belongs to another user or is open to others")]
    NotOurs(PathBuf),
    /// A file or process could not be worked with.
    #[error("{action}: {source}")]
    Io {
        /// What was tried.
        action: String,
        /// Why it failed.
        source: std::io::Error,
    },
    /// The data directory could not be made.
    #[error("initdb failed: {0}")]
    Init(String),
    /// The server ended, or did not accept connections in time; with its last words.
    #[error("PostgreSQL doesn't start: {0}")]
    Start(String),
    /// The server does not end.
    #[error("PostgreSQL doesn't stop: {0}")]
    Stop(String),
}

/// Names the action that failed.
pub(crate) fn io(action: impl Into<String>) -> impl FnOnce(std::io::Error) -> ClusterError {
    |source| ClusterError::Io {
        action: action.into(),
        source,
    }
}
