//! A service begins when its database can be worked with, and says why not.

use std::time::{Duration, Instant};

use pms_database::startup::{self, NotReady};
use pms_web::settings::DatabaseSettings;
use secrecy::ExposeSecret as _;

use crate::RuntimeError;

/// A line about the wait this often.
const REPORT_EVERY: Duration = Duration::from_secs(5);
/// The database is tried this often.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// A question that takes longer has no answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// A check of a database.
pub(crate) type Check = fn(&str) -> Result<(), NotReady>;

/// Waits up to `database.start_timeout_seconds` for a database that the services
/// can work with, and brings its schema up to date first if that is configured.
///
/// # Errors
/// [`RuntimeError::NotReady`] with fault and cure: at once for what waiting can't
/// mend, such as a wrong password, otherwise when the time is over.
pub(crate) async fn prepare_database(settings: &DatabaseSettings) -> Result<(), RuntimeError> {
    let url = settings.url.expose_secret();
    let deadline = Instant::now() + Duration::from_secs(settings.start_timeout_seconds);
    if settings.migrate_at_start {
        wait_for(url, deadline, startup::reach).await?;
        let url = url.to_owned();
        tokio::task::spawn_blocking(move || pms_database::migrations::migrate(&url))
            .await
            .map_err(|error| RuntimeError::Migrations(error.to_string()))?
            .map_err(|error| RuntimeError::Migrations(error.to_string()))?;
    }
    wait_for(url, deadline, startup::check).await
}

async fn wait_for(url: &str, deadline: Instant, check: Check) -> Result<(), RuntimeError> {
    let mut reported_at: Option<Instant> = None;
    loop {
        let Err(fault) = ask(url, check).await else {
            if reported_at.is_some() {
                tracing::info!("the database is there");
            }
            return Ok(());
        };
        let left = deadline.saturating_duration_since(Instant::now());
        if !fault.may_recover() || left.is_zero() {
            return Err(RuntimeError::NotReady(fault));
        }
        if reported_at.is_none_or(|at| at.elapsed() >= REPORT_EVERY) {
            tracing::warn!(
                "waiting for the database, {} s left: {fault}",
                left.as_secs()
            );
            reported_at = Some(Instant::now());
        }
        tokio::time::sleep(ASK_EVERY.min(left)).await;
    }
}

async fn ask(url: &str, check: Check) -> Result<(), NotReady> {
    let url = url.to_owned();
    let answer = tokio::task::spawn_blocking(move || check(&url));
    match tokio::time::timeout(ANSWER_WITHIN, answer).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(NotReady::Statement(panic.to_string())),
        Err(_) => Err(NotReady::Unreachable(
            "the database takes connections but does not answer".to_owned(),
        )),
    }
}
