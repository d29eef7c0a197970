//! A Spring Cloud Config server (contract config-and-deploy.md §1).

use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::SettingsError;
use super::MosipSettings;
use super::properties::Property;

/// Longest an answer may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Pauses between attempts.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// How often a wait is reported.
const REPORT_EVERY: Duration = Duration::from_secs(30);
/// Largest answer, in bytes; real ones have some hundred kilobytes.
const LARGEST: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "propertySources", default)]
    sources: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(default)]
    source: Map<String, Value>,
}

/// The address that was answered and the property sources of the application, most
/// important first.
///
/// # Errors
/// When there is no answer in time, or it is no set of properties.
pub(super) fn fetch(
    settings: &MosipSettings,
) -> Result<(String, Vec<Vec<Property>>), SettingsError> {
    let urls = urls(settings);
    let wait = Duration::from_secs(settings.wait_seconds);
    // A thread of its own: the caller may be inside of a runtime already.
    let asking = thread::spawn(move || in_runtime(&urls, wait));
    let answered = asking
        .join()
        .unwrap_or_else(|_panic| Err("asking it failed".to_owned()));
    let (url, answer) = answered.map_err(|why| SettingsError(format!("config.server: {why}")))?;
    let sources = answer.sources.into_iter().map(properties).collect();
    Ok((url, sources))
}

/// An address for each label of the list; the first that the server knows counts.
/// Without a label the server takes its own.
fn urls(settings: &MosipSettings) -> Vec<String> {
    let base = settings.server.trim_end_matches('/');
    let (name, profile) = (joined(&settings.name), joined(&settings.profile));
    let of = |label: &str| format!("{base}/{name}/{profile}{label}");
    let labels = settings.label.split(',').map(str::trim);
    let urls: Vec<String> = labels
        .filter(|label| !label.is_empty())
        // A label such as `feature/x` is spelled with `(_)` there.
        .map(|label| of(&format!("/{}", label.replace('/', "(_)"))))
        .collect();
    if urls.is_empty() {
        return vec![of("")];
    }
    urls
}

/// A list such as `default, qa` as the server wants it.
fn joined(list: &str) -> String {
    let items: Vec<&str> = list.split(',').map(str::trim).collect();
    items.join(",")
}

fn in_runtime(urls: &[String], wait: Duration) -> Result<(String, Answer), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(ask_until(urls, wait))
}

async fn ask_until(urls: &[String], wait: Duration) -> Result<(String, Answer), String> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| error.to_string())?;
    let started_at = Instant::now();
    let mut reported_at = started_at;
    let mut pause = FIRST_PAUSE;
    loop {
        let why = match ask_each(&client, urls).await {
            Ok(answer) => return Ok(answer),
            Err(why) => why,
        };
        if started_at.elapsed() + pause > wait {
            let waited = started_at.elapsed().as_secs();
            return Err(format!("{why}; it was asked for {waited} s"));
        }
        if reported_at.elapsed() >= REPORT_EVERY || started_at == reported_at {
            reported_at = Instant::now();
            #[expect(clippy::print_stderr, reason = "the log has not started")]
            {
                eprintln!("waiting for the config server: {why}");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Asks for each label in turn, as Spring does: the next one only when the
/// server does not know this one.
async fn ask_each(client: &reqwest::Client, urls: &[String]) -> Result<(String, Answer), String> {
    let mut why = String::new();
    for url in urls {
        match ask(client, url).await {
            Ok(answer) => return Ok((url.clone(), answer)),
            Err(failed) => {
                why = format!("{url}: {}", failed.why);
                if !failed.unknown {
                    break;
                }
            }
        }
    }
    Err(why)
}

/// Why the server did not answer.
struct NoAnswer {
    why: String,
    /// Whether the server does not know what it was asked for.
    unknown: bool,
}

impl From<String> for NoAnswer {
    fn from(why: String) -> Self {
        Self {
            why,
            unknown: false,
        }
    }
}

async fn ask(client: &reqwest::Client, url: &str) -> Result<Answer, NoAnswer> {
    let failed = |error: reqwest::Error| described(&error.without_url());
    let mut response = client.get(url).send().await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        return Err(NoAnswer {
            why: format!("HTTP {}", status.as_u16()),
            unknown: status == reqwest::StatusCode::NOT_FOUND,
        });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return Err("the answer is too large".to_owned().into());
        }
    }
    // The parser's own text would quote the answer, which holds secrets.
    serde_json::from_slice(&body)
        .map_err(|_error| "the answer is no set of properties".to_owned().into())
}

/// The failure with its causes: "connection refused" is in the last one.
fn described(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

fn properties(source: Source) -> Vec<Property> {
    // A null is no value: a default after it counts.
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    let all = source.source.into_iter();
    all.filter_map(|(name, value)| {
        Some(Property {
            name,
            value: text(value)?,
        })
    })
    .collect()
}
