//! A private PostgreSQL: its own data directory, a Unix socket, no TCP port.
//!
//! `pms up` keeps its data in one, and every test run has a throw-away one.
//! Needs PostgreSQL's server programs on the machine and nothing else: no
//! service, no configuration, no password. A user who may enter the socket's
//! directory is the superuser, and that is the owner of the process alone.
//!
//! ```no_run
//! use pms_cluster::{Cluster, ClusterOptions};
//!
//! # fn main() -> Result<(), pms_cluster::ClusterError> {
//! let cluster = Cluster::start(ClusterOptions::durable("/var/lib/pms-dev"))?;
//! let url = cluster.url("postgres");
//! cluster.stop()?;
//! # Ok(()) }
//! ```
//!
//! The server ends with the process that started it: on [`Cluster::stop`], on
//! drop, and, by a helper that holds a pipe, even when the process is killed.
//! Should all that fail, the next start stops what is left over.

mod account;
mod binaries;
mod error;
mod files;
mod initdb;
mod options;
mod server;
mod watchdog;

use std::path::{Path, PathBuf};

use account::Account;
use binaries::Binaries;
use files::Files;
use server::Server;

pub use error::ClusterError;
pub use options::{ClusterOptions, Durability};

/// A running PostgreSQL; dropping it stops it.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    files: Files,
    /// Held while the cluster is ours; the kernel frees it when we die.
    _claim: std::fs::File,
}

impl Cluster {
    /// Makes the cluster unless its directory holds one, and starts it.
    ///
    /// # Errors
    /// [`ClusterError::NotFound`] without PostgreSQL's programs,
    /// [`ClusterError::InUse`] when another process runs the cluster; see there
    /// for the rest.
    pub fn start(options: ClusterOptions) -> Result<Self, ClusterError> {
        let binaries = Binaries::find(options.binaries.as_deref())?;
        let account = Account::choose()?;
        let files = Files::prepare(&options.home, &account)?;
        let claim = files.claim()?;
        server::end_left_over(&binaries, &account, &files)?;
        if !files.is_initialised() {
            initdb::run(&binaries, &account, &files, options.durability)?;
        }
        let server = Server::start(&binaries, &account, &files, options)?;
        Ok(Self {
            server,
            files,
            _claim: claim,
        })
    }

    /// URL of a database of this cluster, for libpq.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgresql://{}@/{}?host={}&port=5432",
            initdb::SUPERUSER,
            percent_encoded(database),
            percent_encoded(&self.files.socket_dir.to_string_lossy())
        )
    }

    /// The directory of the Unix socket.
    pub fn socket_dir(&self) -> &Path {
        &self.files.socket_dir
    }

    /// PostgreSQL's own log.
    pub fn log_file(&self) -> PathBuf {
        self.files.log.clone()
    }

    /// Process id of the server.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// How the server ended, with its last words, if it did without a request to stop.
    /// Told once.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.server.ended()?;
        Some(format!("it ended with {status}: {}", self.files.log_tail()))
    }

    /// Stops the server and waits for its end; open connections are cut.
    ///
    /// # Errors
    /// [`ClusterError::Stop`] when it doesn't end.
    pub fn stop(mut self) -> Result<(), ClusterError> {
        self.server.stop()
    }
}

/// Keeps what a URL may hold as it is, and escapes the rest.
fn percent_encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    text.bytes()
        .map(|byte| {
            if plain(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_path_is_one_parameter_of_the_url() {
        assert_eq!(percent_encoded("/tmp/a b&c"), "%2Ftmp%2Fa%20b%26c");
    }
}
