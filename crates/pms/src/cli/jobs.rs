//! What to do with the jobs.

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::DatabaseOptions;

/// What to do with the jobs.
#[derive(Debug, Clone, Subcommand)]
pub enum JobsCommand {
    /// Lists the jobs: schedule, next planned time, last run with its outcome and numbers.
    List {
        /// Which database.
        #[command(flatten)]
        database: DatabaseOptions,
    },
    /// Runs a job now, with the configuration of the services.
    Run(RunOptions),
}

/// Which job, and how.
#[derive(Debug, Clone, Args)]
pub struct RunOptions {
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseOptions,
    /// The job's name; `pms jobs list` has them.
    pub name: String,
    /// The day that it looks at, in the zone of the schedules; today otherwise. A day to come needs --dry-run.
    #[arg(long, value_name = "DATE")]
    pub at: Option<NaiveDate>,
    /// Write nothing, and print what would be done.
    #[arg(long)]
    pub dry_run: bool,
}
