//! What to do with the outbox.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use clap::{ArgGroup, Args, Subcommand};
use pms_database::outbox::Queue;
use uuid::Uuid;

use super::DatabaseOptions;

/// What to do with the outbox.
#[derive(Debug, Clone, Subcommand)]
pub enum OutboxCommand {
    /// Lists rows, newest first; never their payload.
    List {
        /// Which database.
        #[command(flatten)]
        database: DatabaseOptions,
        /// Only rows with this status.
        #[arg(long, value_parser = ["pending", "delivered", "skipped", "dead"])]
        status: Option<String>,
        /// Most rows.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Queues a row, all dead rows, or skipped ones, for delivery at once.
    Retry(RetryOptions),
}

/// Which rows to queue again.
#[derive(Debug, Clone, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["id", "all_dead", "skipped"])))]
pub struct RetryOptions {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseOptions,
    /// The row's id.
    pub id: Option<Uuid>,
    /// All rows that are parked as dead.
    #[arg(long)]
    pub all_dead: bool,
    /// Rows that were discarded or have expired since --since.
    #[arg(long, requires = "since")]
    pub skipped: bool,
    /// A day (from midnight UTC) or an instant, such as 2026-11-30 or 2026-11-30T08:00:00Z.
    #[arg(long, requires = "skipped", value_name = "TIME", value_parser = instant)]
    pub since: Option<NaiveDateTime>,
    /// Only skipped rows of this queue.
    #[arg(long, requires = "skipped", value_name = "QUEUE")]
    pub queue: Option<Queue>,
}

/// A day or an RFC 3339 instant, in UTC.
fn instant(text: &str) -> Result<NaiveDateTime, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN));
    }
    let at = DateTime::parse_from_rfc3339(text)
        .map_err(|_error| "give a day (2026-11-30) or an instant (2026-11-30T08:00:00Z)")?;
    Ok(at.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_day_or_an_instant() {
        assert_eq!(
            instant("2026-11-30").unwrap().to_string(),
            "2026-11-30 00:00:00"
        );
        assert_eq!(
            instant("2026-11-30T08:00:00+05:30").unwrap().to_string(),
            "2026-11-30 02:30:00"
        );
        assert!(instant("yesterday").is_err());
    }
}
