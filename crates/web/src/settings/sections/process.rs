//! The process itself: its listener, its database, its limits, its log.

use std::num::{NonZeroU32, NonZeroU64};
use std::time::Duration;

use pms_database::DbSettings;
use secrecy::SecretString;
use serde::Deserialize;

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    pub host: String,
    pub port: u16,
    pub workers: usize,
    pub drain_seconds: u64,
    pub shutdown_seconds: u64,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    pub url: SecretString,
    pub pool_size: NonZeroU32,
    pub statement_timeout_ms: NonZeroU64,
    pub acquire_timeout_ms: NonZeroU64,
    pub migrate_at_start: bool,
    pub start_timeout_seconds: u64,
}

impl DatabaseSettings {
    /// The pool's settings; `application` shows in `pg_stat_activity`.
    pub fn pool(&self, application: &str, store_audits: bool) -> DbSettings {
        DbSettings {
            url: self.url.clone(),
            pool_size: self.pool_size.get(),
            acquire_timeout: Duration::from_millis(self.acquire_timeout_ms.get()),
            statement_timeout: Duration::from_millis(self.statement_timeout_ms.get()),
            application: application.to_owned(),
            store_audits,
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    pub body_bytes: usize,
    pub bodies_bytes: usize,
    pub request_seconds: NonZeroU64,
    pub unread_seconds: NonZeroU64,
    pub connection_seconds: NonZeroU64,
    pub page_size: NonZeroU64,
    pub unpaged_rows: u64,
    pub filter_values: u64,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    pub log: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Auto,
    Pretty,
    Json,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevSettings {
    pub data_dir: String,
    pub allow_exposed_identity: bool,
}
