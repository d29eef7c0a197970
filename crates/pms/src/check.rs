//! `pms check`: looks at everything that a deployment's services need, and says
//! what is wrong with it and what mends it. Writes nothing, and prints no secret.

mod database;
mod findings;
mod identity;
mod key_manager;
mod peers;

use std::time::Duration;

use clap::Args;
use pms_database::Clock;
use pms_runtime::Runtime;
use pms_web::Settings;

use crate::commands::{CommandError, say};
pub use findings::{Finding, Report, Status};

/// Options of `pms check`; everything else comes from the configuration.
#[derive(Debug, Clone, Args)]
pub struct CheckOptions {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Longest a single look may take, in seconds.
    #[arg(long, default_value_t = 10, value_name = "SECONDS",
          value_parser = clap::value_parser!(u64).range(1..=300))]
    pub timeout: u64,
}

/// Looks at everything and prints the report.
///
/// # Errors
/// When there is a fault; warnings are no failure.
pub async fn check(options: CheckOptions) -> Result<(), CommandError> {
    let report = look(Duration::from_secs(options.timeout)).await;
    if options.json {
        say(report.json());
    } else {
        for line in report.lines() {
            say(line);
        }
    }
    match report.faults() {
        0 => Ok(()),
        1 => Err(CommandError("1 fault".to_owned())),
        faults => Err(CommandError(format!("{faults} faults"))),
    }
}

/// Looks at everything that the configuration names.
async fn look(limit: Duration) -> Report {
    let mut report = Report::default();
    let wait = limit.as_secs().to_string();
    let loaded =
        tokio::task::spawn_blocking(move || Settings::load_over(&[("config.wait_seconds", &wait)]));
    let settings = match loaded.await {
        Ok(Ok(settings)) => settings,
        Ok(Err(error)) => {
            report.add(Finding::fault(
                "configuration",
                error.to_string(),
                "Mend the setting or property that is named; `pms config show` tells where each comes from.",
            ));
            return report;
        }
        Err(error) => {
            report.add(Finding::fault("configuration", error.to_string(), ""));
            return report;
        }
    };
    configuration(&settings, &mut report);
    let runtime = match Runtime::build(settings, "pms-check", Clock::system()) {
        Ok(runtime) => runtime,
        Err(error) => {
            report.add(Finding::fault(
                "configuration",
                error.to_string(),
                "Set what is missing: see docs/configuration.md.",
            ));
            return report;
        }
    };
    if let Err(error) = runtime.check_peers() {
        report.add(Finding::fault(
            "configuration",
            error.to_string(),
            "Correct the setting: no service starts with it.",
        ));
    }
    database::look(&runtime, limit, &mut report).await;
    identity::look(&runtime, limit, &mut report).await;
    key_manager::look(&runtime, limit, &mut report).await;
    peers::look(&runtime, limit, &mut report).await;
    report
}

fn configuration(settings: &Settings, report: &mut Report) {
    if settings.of_deployment {
        let from = if settings.config.server.is_empty() {
            "property files".to_owned()
        } else {
            findings::address(&settings.config.server)
        };
        report.add(Finding::ok(
            "config server",
            format!("properties from {from}"),
        ));
    }
    if settings.notes.is_empty() {
        report.add(Finding::ok("configuration", "can be read"));
    }
    for note in &settings.notes {
        report.add(Finding::warning(
            "configuration",
            note,
            "Nothing, if these are meant for another service.",
        ));
    }
}
