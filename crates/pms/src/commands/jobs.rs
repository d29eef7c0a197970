//! `pms jobs`.

use chrono::{DateTime, Utc};
use pms_database::job_runs::{Run, RunState};
use pms_database::{Clock, Db};
use pms_partner_service::jobs::{self, JobState, Jobs, Outcome};
use pms_runtime::Runtime;
use pms_web::Settings;
use pms_web::settings::Address;
use secrecy::SecretString;
use tokio::sync::watch;

use super::{CommandError, say, url};
use crate::cli::DatabaseOptions;
use crate::cli::jobs::{JobsCommand, RunOptions};

/// The issuer where none is configured: no request is served here, and a job that
/// asks a peer says what it lacks.
const NO_ISSUER: &str = "http://issuer.invalid";

/// `pms jobs`.
///
/// # Errors
/// When the configuration or the database can't be used, or the job fails.
pub async fn run(command: JobsCommand) -> Result<(), CommandError> {
    match command {
        JobsCommand::List { database } => list(&database).await,
        JobsCommand::Run(options) => run_now(options).await,
    }
}

fn settings(database: &DatabaseOptions) -> Result<Settings, CommandError> {
    let mut settings = Settings::load().map_err(|error| CommandError(error.to_string()))?;
    settings.database.url = SecretString::from(url(database)?);
    Ok(settings)
}

async fn list(database: &DatabaseOptions) -> Result<(), CommandError> {
    let settings = settings(database)?;
    let failed = |error: &dyn std::fmt::Display| CommandError::about("jobs", error);
    let db = Db::new(&settings.database.pool("pms", false)).map_err(|error| failed(&error))?;
    let now = Clock::system().now();
    let states = jobs::list(&db, &settings.jobs, now).await;
    let states = states.map_err(|error| failed(&error))?;
    say(format_args!(
        "{:<32} {:<17} {:<19} {:<19} {:<9} {:>8} {:>8} {:>8} {:>8} {:>8}  remarks",
        "job",
        "schedule",
        "next (UTC)",
        "last (UTC)",
        "outcome",
        "seconds",
        "examined",
        "changed",
        "skipped",
        "failed",
    ));
    for state in &states {
        say(line(state));
    }
    Ok(())
}

fn line(state: &JobState) -> String {
    let next = state.next.map_or_else(|| "off".to_owned(), time);
    let begin = format!("{:<32} {:<17} {next:<19}", state.name, state.expression);
    let Some(run) = &state.last else {
        return format!("{begin} never");
    };
    let counts = &run.counts;
    format!(
        "{begin} {:<19} {:<9} {:>8} {:>8} {:>8} {:>8} {:>8}  {}",
        time(run.planned_at),
        outcome(run),
        seconds(run),
        counts.examined,
        counts.changed,
        counts.skipped,
        counts.failed,
        remarks(run)
    )
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S").to_string()
}

const fn outcome(run: &Run) -> &'static str {
    match run.state {
        RunState::Running => "running",
        RunState::Waiting => "waiting",
        RunState::Done => "done",
        RunState::Failed => "failed",
    }
}

fn seconds(run: &Run) -> String {
    let took = run
        .finished_at
        .map(|end| (end - run.started_at).num_seconds());
    took.map_or_else(|| "-".to_owned(), |took| took.to_string())
}

/// What else there is to say about a run.
fn remarks(run: &Run) -> String {
    let mut remarks = Vec::new();
    if run.manual {
        remarks.push("by hand".to_owned());
    }
    if let [first, .., last] = run.days.as_slice() {
        remarks.push(format!("days {first} to {last}"));
    }
    if run.attempts > 1 {
        remarks.push(format!("attempt {}", run.attempts));
    }
    let named = run.counts.named.iter();
    remarks.extend(named.map(|(name, count)| format!("{name} {count}")));
    remarks.extend(run.error.clone());
    remarks.join(", ")
}

async fn run_now(options: RunOptions) -> Result<(), CommandError> {
    let mut settings = settings(&options.database)?;
    if settings.auth.issuer.is_empty() {
        settings.auth.issuer = Address::try_from(NO_ISSUER.to_owned())
            .map_err(|error| CommandError(error.to_string()))?;
    }
    let runtime = Runtime::build(settings, "pms", Clock::system())
        .map_err(|error| CommandError(error.to_string()))?;
    let jobs = Jobs::new(&runtime).map_err(|error| CommandError(error.to_string()))?;
    let (stop, stopped) = watch::channel(false);
    let signals = tokio::spawn(async move {
        if pms_web::server::stop_requested().await.is_err() {
            std::future::pending::<()>().await;
        }
        // An error means that the job has ended.
        let _ = stop.send(true);
        std::future::pending::<()>().await;
    });
    let run = jobs.run(&options.name, options.at, options.dry_run, stopped);
    let outcome = run.await;
    signals.abort();
    let outcome = outcome.map_err(|error| CommandError::about(&options.name, error))?;
    tell(&outcome, options.dry_run);
    if outcome.failed > 0 {
        let failed = outcome.failed;
        return Err(CommandError(format!(
            "{}: {failed} could not be done",
            options.name
        )));
    }
    Ok(())
}

fn tell(outcome: &Outcome, dry_run: bool) {
    for line in &outcome.lines {
        say(line);
    }
    if outcome.left_out > 0 {
        say(format_args!("… and {} more", outcome.left_out));
    }
    let mut numbers = format!(
        "examined {}, {} {}, skipped {}, failed {}",
        outcome.examined,
        if dry_run { "would change" } else { "changed" },
        outcome.changed,
        outcome.skipped,
        outcome.failed
    );
    for (name, count) in &outcome.named {
        numbers.push_str(&format!(", {name} {count}"));
    }
    say(format_args!("{numbers}."));
    if dry_run {
        say("A dry run: nothing was written.");
    }
}
