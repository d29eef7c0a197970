//! The small commands.

pub mod config;
pub mod jobs;
pub mod keys;
pub mod migrate;
pub mod outbox;

use std::fmt::Display;
use std::future::Future;
use std::io::Write as _;

use diesel::PgConnection;
use pms_database::seeds;
use pms_web::{Access, Settings};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::cli::{DatabaseOptions, TokenOptions};

/// Why a command failed: one line for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CommandError(pub String);

impl CommandError {
    /// Says what was being done and what went wrong.
    pub fn about(what: &str, why: impl Display) -> Self {
        Self(format!("{what}: {why}"))
    }
}

/// Prints a line for people; a closed pipe is not an error.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Prints why a command failed.
pub fn complain(error: &CommandError) {
    let _ = writeln!(std::io::stderr(), "pms: {error}");
}

/// Runs an async command on a runtime of its own.
///
/// # Errors
/// What the command fails with.
pub fn in_runtime(
    command: impl Future<Output = Result<(), CommandError>>,
) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build()
        .map_err(|error| CommandError::about("no threads to run on", error))?;
    actix_web::rt::System::with_tokio_rt(|| runtime).block_on(command)
}

fn url(options: &DatabaseOptions) -> Result<String, CommandError> {
    if let Some(url) = &options.database_url {
        return Ok(url.clone());
    }
    let settings = Settings::load().map_err(|error| CommandError(error.to_string()))?;
    let url = settings.database.url.expose_secret();
    if url.is_empty() {
        return Err(CommandError(
            "give --database-url or set PMS__DATABASE__URL".to_owned(),
        ));
    }
    Ok(url.to_owned())
}

fn connect(options: &DatabaseOptions) -> Result<PgConnection, CommandError> {
    pms_database::connect(&url(options)?).map_err(|error| CommandError::about("database", error))
}

/// `pms seed`.
///
/// # Errors
/// When the database can't be reached or is not migrated.
pub fn seed(options: &DatabaseOptions) -> Result<(), CommandError> {
    let mut conn = connect(options)?;
    let report = seeds::seed(&mut conn).map_err(|error| CommandError::about("seed", error))?;
    for (table, rows) in report.inserted.iter().filter(|(_, rows)| *rows > 0) {
        say(format_args!("{table}: {rows} rows"));
    }
    say("Seeded; rows that were there stayed as they were.");
    Ok(())
}

/// `pms routes`: the tables that register them.
///
/// # Errors
/// Never.
pub fn routes() -> Result<(), CommandError> {
    let mut routes = pms_policy_service::routes();
    routes.extend(pms_partner_service::routes());
    routes.extend(pms_certificate_service::routes());
    routes.extend(pms_certificate_service::key_manager_routes());
    for route in routes {
        let row = route.descriptor;
        let access = match row.access {
            Access::Role(property) => property,
            Access::AnyToken => "(any token)",
            Access::Public => "(public)",
        };
        say(format_args!(
            "{:<6} {:<75} {:<20} {access}",
            row.method, row.path, row.service.name
        ));
    }
    Ok(())
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
}

/// `pms token`.
///
/// # Errors
/// When `pms up` does not run there or refuses the password.
pub async fn token(options: TokenOptions) -> Result<(), CommandError> {
    let base = options.url.trim_end_matches('/');
    let url = format!("{base}/auth/realms/mosip/protocol/openid-connect/token");
    let form = [
        ("grant_type", "password"),
        ("client_id", "pms-demo"),
        ("username", options.user.as_str()),
        ("password", options.password.as_str()),
    ];
    let client = pms_integrations::http::client(std::time::Duration::from_secs(10))
        .map_err(|error| CommandError::about("token", error))?;
    let answer = client.post(&url).form(&form).send().await;
    let answer = answer.and_then(reqwest::Response::error_for_status);
    let answer = answer.map_err(|error| CommandError::about("token", error))?;
    let answer: TokenAnswer = answer
        .json()
        .await
        .map_err(|error| CommandError::about("token", error))?;
    say(answer.access_token);
    Ok(())
}
