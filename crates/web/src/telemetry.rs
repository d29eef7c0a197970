//! Logs: for people on a terminal, JSON lines otherwise; and what is observed of
//! every request.

mod json;
mod no_http;
mod observe;
mod queue;

use std::io::IsTerminal;
use std::sync::OnceLock;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::json::{JsonLines, Members};
use self::no_http::NoHttp;
pub use self::observe::{RequestId, observe};
pub(crate) use self::queue::DROPPED;
pub use self::queue::Flush;
use self::queue::Queue;
use crate::settings::{LogFormat, SettingsError, TelemetrySettings};

/// The queue of this process's log, where it has one.
static QUEUE: OnceLock<Queue> = OnceLock::new();

/// Starts logging to standard output (JSON) or standard error (for people). JSON
/// lines carry the application's name, and are written by a thread of their own; what is
/// given back writes those that wait when it is dropped, so keep it until the process
/// ends. Where the process ends without that, call [`finish()`] before.
///
/// # Errors
/// When the filter can't be read or logging was started before.
pub fn start(settings: &TelemetrySettings, application: &str) -> Result<Flush, SettingsError> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| SettingsError(format!("telemetry.log: {error}")))?;
    let people = match settings.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE);
    let failed =
        |error: &dyn std::fmt::Display| SettingsError(format!("logging can't be started: {error}"));
    if people {
        let lines = builder.with_writer(std::io::stderr).compact().finish();
        let started = lines.with(NoHttp).try_init();
        return started
            .map(|()| Flush::nothing())
            .map_err(|error| failed(&error));
    }
    let queue = Queue::start(std::io::stdout(), dropped_line).map_err(|error| failed(&error))?;
    builder
        .fmt_fields(Members)
        .event_format(JsonLines {
            application: application.to_owned(),
        })
        .with_writer(queue.clone())
        .finish()
        .with(NoHttp)
        .try_init()
        .map_err(|error| failed(&error))?;
    Ok(Flush::of(QUEUE.get_or_init(|| queue).clone()))
}

/// Writes all lines that wait and the numbers of those that were counted, before
/// [`std::process::exit`], which drops nothing.
pub fn finish() {
    queue::finish(QUEUE.get());
}

/// Tells that lines are missing. Not through the log itself: its thread would wait
/// for its own queue.
fn dropped_line(lines: u64) -> String {
    let mut now = String::new();
    // Writing to a text can't fail.
    let _ = SystemTime.format_time(&mut tracing_subscriber::fmt::format::Writer::new(&mut now));
    format!(
        "{{\"@timestamp\":\"{now}\",\"@version\":\"1\",\"level\":\"WARN\",\"level_value\":30000,\
         \"message\":\"lines of the log were dropped: its reader is too slow\",\"lines\":{lines},\
         \"logger_name\":\"log\",\"thread_name\":\"log\"}}\n"
    )
}
