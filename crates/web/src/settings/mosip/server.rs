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

/// The property sources of the application, most important first.
///
/// # Errors
/// When there is no answer in time, or it is no set of properties.
pub(super) fn fetch(settings: &MosipSettings) -> Result<Vec<Vec<Property>>, SettingsError> {
    let base = settings.server.trim_end_matches('/');
    // A label such as `feature/x` is spelled with `(_)` there.
    let label = settings.label.replace('/', "(_)");
    let url = format!("{base}/{}/{}/{label}", settings.name, settings.profile);
    let wait = Duration::from_secs(settings.wait_seconds);
    // A thread of its own: the caller may be inside of a runtime already.
    let asking = thread::spawn(move || in_runtime(&url, wait));
    let answered = asking
        .join()
        .unwrap_or_else(|_panic| Err("asking it failed".to_owned()));
    let answer = answered.map_err(|why| SettingsError(format!("config.server: {why}")))?;
    Ok(answer.sources.into_iter().map(properties).collect())
}

fn in_runtime(url: &str, wait: Duration) -> Result<Answer, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(ask_until(url, wait))
}

async fn ask_until(url: &str, wait: Duration) -> Result<Answer, String> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .build()
        .map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        let why = match ask(&client, url).await {
            Ok(answer) => return Ok(answer),
            Err(why) => why,
        };
        if begun.elapsed() + pause > wait {
            return Err(format!("{url}: {why}"));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn ask(client: &reqwest::Client, url: &str) -> Result<Answer, String> {
    let failed = |error: reqwest::Error| error.without_url().to_string();
    let mut response = client.get(url).send().await.map_err(failed)?;
    if !response.status().is_success() {
        return Err(format!("HTTP {}", response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST {
            return Err("the answer is too large".to_owned());
        }
    }
    // The parser's own text would quote the answer, which holds secrets.
    serde_json::from_slice(&body).map_err(|_error| "the answer is no set of properties".to_owned())
}

fn properties(source: Source) -> Vec<Property> {
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    source
        .source
        .into_iter()
        .map(|(name, value)| Property {
            name,
            value: text(value),
        })
        .collect()
}
