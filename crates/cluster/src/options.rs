//! What a caller can choose.

use std::path::PathBuf;
use std::time::Duration;

/// What a power cut may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: what is committed stays.
    Durable,
    /// Everything: for data that can be lost, at several times the speed.
    Fast,
}

/// How to run a cluster.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// Directory of the cluster; made when missing. Holds `data`, `run` (the
    /// socket, unless the path would be too long for one) and `server.log`.
    pub home: PathBuf,
    /// What a power cut may cost.
    pub durability: Durability,
    /// Most connections.
    pub max_connections: u16,
    /// Further settings of `postgresql.conf`.
    pub settings: Vec<(String, String)>,
    /// Where PostgreSQL's programs are; searched for when `None`.
    pub binaries: Option<PathBuf>,
    /// How long the server may take until it accepts connections.
    pub start_timeout: Duration,
    /// Whether `home` is removed when the server ends with our process.
    pub remove_with_process: bool,
}

impl ClusterOptions {
    /// A cluster whose data is kept.
    pub fn durable(home: impl Into<PathBuf>) -> Self {
        Self {
            home: home.into(),
            durability: Durability::Durable,
            max_connections: 100,
            settings: Vec::new(),
            binaries: None,
            start_timeout: Duration::from_secs(60),
            remove_with_process: false,
        }
    }

    /// A cluster for one test run.
    pub fn throw_away(home: impl Into<PathBuf>) -> Self {
        Self {
            durability: Durability::Fast,
            max_connections: 300,
            remove_with_process: true,
            ..Self::durable(home)
        }
    }

    /// All settings of the server, the caller's last so that they win.
    pub(crate) fn server_settings(self) -> Vec<(String, String)> {
        let mut settings = vec![
            ("listen_addresses".to_owned(), String::new()),
            ("unix_socket_permissions".to_owned(), "0700".to_owned()),
            (
                "max_connections".to_owned(),
                self.max_connections.to_string(),
            ),
            ("timezone".to_owned(), "UTC".to_owned()),
            ("log_timezone".to_owned(), "UTC".to_owned()),
        ];
        if self.durability == Durability::Fast {
            let fast = [
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
                ("wal_level", "minimal"),
                ("max_wal_senders", "0"),
                ("autovacuum", "off"),
                ("jit", "off"),
                ("shared_buffers", "64MB"),
            ];
            settings.extend(fast.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        settings.extend(self.settings);
        settings
    }
}
