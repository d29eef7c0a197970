//! `pms outbox`.

use diesel::PgConnection;
use pms_database::DbError;
use pms_database::outbox::admin::{self, Entry, Which};
use uuid::Uuid;

use super::{CommandError, connect, say};
use crate::cli::outbox::{OutboxCommand, RetryOptions};

fn failed(error: DbError) -> CommandError {
    CommandError::about("outbox", error)
}

/// `pms outbox`.
///
/// # Errors
/// When the database can't be reached, or the row to queue again is unknown or
/// delivered.
pub fn run(command: OutboxCommand) -> Result<(), CommandError> {
    match command {
        OutboxCommand::List {
            database,
            status,
            limit,
        } => {
            let mut conn = connect(&database)?;
            let rows = admin::list(&mut conn, status.as_deref(), i64::from(limit));
            list(rows.map_err(failed)?);
            Ok(())
        }
        OutboxCommand::Retry(options) => retry(&options),
    }
}

fn list(rows: Vec<Entry>) {
    say(format_args!(
        "{:<36} {:<11} {:<26} {:<9} {:>8}  {:<19} {:<36} last error",
        "id", "queue", "topic", "status", "attempts", "queued (UTC)", "request"
    ));
    for row in rows {
        say(format_args!(
            "{:<36} {:<11} {:<26} {:<9} {:>8}  {:<19} {:<36} {}",
            row.id,
            row.queue,
            row.topic,
            row.status,
            row.attempts,
            row.created_at.format("%Y-%m-%d %H:%M:%S"),
            row.request_id.as_deref().unwrap_or("-"),
            row.last_error.unwrap_or_default()
        ));
    }
}

fn retry(options: &RetryOptions) -> Result<(), CommandError> {
    let mut conn = connect(&options.database)?;
    let which = match (options.id, options.since) {
        (Some(id), _) => Which::One(id),
        (None, Some(since)) => Which::Skipped {
            since,
            queue: options.queue,
        },
        (None, None) => Which::AllDead,
    };
    let rows = admin::retry(&mut conn, which).map_err(failed)?;
    if let (Which::One(id), 0) = (which, rows) {
        return Err(refusal(&mut conn, id)?);
    }
    say(format_args!("Queued again: {rows}."));
    Ok(())
}

/// Why one row was not queued again.
fn refusal(conn: &mut PgConnection, id: Uuid) -> Result<CommandError, CommandError> {
    let status = admin::status(conn, id).map_err(failed)?;
    Ok(CommandError(match status {
        None => format!("outbox: there is no row {id}"),
        Some(status) => format!("outbox: the row {id} is {status} and was not queued again"),
    }))
}
