//! What `pms check` found.

use std::fmt::Display;

use serde::Serialize;
use serde_json::json;
use url::Url;

/// How a look ended, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it must be.
    Ok,
    /// Works, or is not used; an operator should know.
    Warning,
    /// Does not work.
    Fault,
}

/// One look at one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub name: String,
    /// How it ended.
    pub status: Status,
    /// What was seen: for a fault, the cause.
    pub cause: String,
    /// What mends it; empty for what is well.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cure: String,
}

impl Finding {
    /// Something that works.
    pub fn ok(name: &str, seen: impl Display) -> Self {
        Self::new(name, Status::Ok, &seen, "")
    }

    /// Something that an operator should know.
    pub fn warning(name: &str, cause: impl Display, cure: &str) -> Self {
        Self::new(name, Status::Warning, &cause, cure)
    }

    /// Something that does not work.
    pub fn fault(name: &str, cause: impl Display, cure: &str) -> Self {
        Self::new(name, Status::Fault, &cause, cure)
    }

    fn new(name: &str, status: Status, cause: &dyn Display, cure: &str) -> Self {
        Self {
            name: name.to_owned(),
            status,
            cause: one_line(&cause.to_string()),
            cure: cure.to_owned(),
        }
    }
}

/// Everything that was found, in order.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// How many faults there are.
    pub fn faults(&self) -> usize {
        let faults = self.findings.iter();
        faults
            .filter(|finding| finding.status == Status::Fault)
            .count()
    }

    /// The report for people: a line for each finding, and its cure below.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for finding in &self.findings {
            let status = match finding.status {
                Status::Ok => "ok",
                Status::Warning => "warning",
                Status::Fault => "FAULT",
            };
            lines.push(format!(
                "{status:<8} {:<22} {}",
                finding.name, finding.cause
            ));
            if !finding.cure.is_empty() {
                lines.push(format!("{:<31} -> {}", "", finding.cure));
            }
        }
        lines
    }

    /// The report for programs.
    pub fn json(&self) -> String {
        let worst = self.findings.iter().map(|finding| finding.status).max();
        let status = worst.unwrap_or(Status::Ok);
        json!({ "status": status, "checks": self.findings }).to_string()
    }
}

/// An address without what may be secret in it.
pub(super) fn address(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        return "an address that can't be read".to_owned();
    };
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

/// An error with its causes, without the address that it may quote.
pub(super) fn described(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Text of peers and of PostgreSQL may have several lines.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = words.join(" ");
    if let Some((end, _)) = line.char_indices().nth(400) {
        line.truncate(end);
        line.push('…');
    }
    line
}
