//! Why a process did not start, or stopped.

use pms_database::DbError;
use pms_database::startup::NotReady;
use pms_web::SettingsError;

/// Why a process did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The configuration is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database can't be used.
    #[error("database: {0}")]
    Database(#[from] DbError),
    /// The services can't work with the database: fault and cure.
    #[error("database: {0}")]
    NotReady(NotReady),
    /// The schema can't be brought up to date.
    #[error("migrations: {0}")]
    Migrations(String),
    /// The socket can't be used.
    #[error("server: {0}")]
    Io(#[from] std::io::Error),
    /// The HTTP client can't be built.
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// A metric can't be made, or there is another one of its name.
    #[error("metrics: {0}")]
    Metrics(#[from] prometheus::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
