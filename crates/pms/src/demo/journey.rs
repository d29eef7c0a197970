//! The journey itself.

mod accounts;
mod clients;
mod events;
mod onboarding;
mod policies;

use std::fmt::Display;

use accounts::{Accounts, sign_in};
use serde_json::Value;

use super::DemoOptions;
use super::client::Deployment;
use crate::commands::{CommandError, say};

/// What the end of the demo shows.
pub(super) type Summary = Vec<(&'static str, String)>;

pub(super) const PASSWORD: &str = "demo-password";

struct Scenario {
    accounts: Accounts,
    deployment: Deployment,
    mark: String,
    step: u32,
    /// Whether the steps are taken without a word.
    quiet: bool,
}

/// Plays the journey; every step is checked.
pub(super) async fn play(options: &DemoOptions) -> Result<Summary, CommandError> {
    let mark = mark()?;
    let deployment = Deployment::new(
        options.url.clone(),
        options.issuer.clone(),
        &options.client_id,
    )?;
    let accounts = sign_in(options, &deployment, &mark).await?;
    let mut play = Scenario {
        accounts,
        deployment,
        mark,
        step: 0,
        quiet: false,
    };
    let seen = play.events_so_far().await;
    let (group_id, policy_id) = play.make_policy().await?;
    let organisation = play.register().await?;
    play.hand_in_certificates(&organisation).await?;
    play.check_certificate().await?;
    let api_key = play.get_key().await?;
    play.read_as_a_module(&policy_id).await?;
    play.hear_events(seen, &api_key, &policy_id).await?;
    let client_id = play.register_client(seen, &policy_id).await?;
    let ended = match &client_id {
        Some(_) => play.end_another_partner(seen).await?,
        None => None,
    };
    let mut summary = vec![
        ("Partner", play.accounts.partner_id.clone()),
        ("Policy group", group_id),
        ("Policy", policy_id),
        ("API key", api_key),
    ];
    summary.extend(client_id.map(|id| ("OIDC client", id)));
    summary.extend(ended.map(|id| ("Ended client", id)));
    Ok(summary)
}

/// What the names of a play have in them, so that it can be played again.
fn mark() -> Result<String, CommandError> {
    let mark = pms_database::ids::alphanumeric(8);
    let mark = mark.map_err(|error| CommandError(error.to_string()))?;
    Ok(mark.to_lowercase())
}

impl Scenario {
    fn tell(&mut self, what: impl Display, meaning: impl Display) {
        if self.quiet {
            return;
        }
        self.step += 1;
        say(format_args!("{:>2}. {what}\n    {meaning}", self.step));
    }
}

pub(super) fn text(answer: &Value, member: &str) -> Result<String, CommandError> {
    let found = answer
        .get(member)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty());
    found
        .map(str::to_owned)
        .ok_or_else(|| CommandError(format!("the answer lacks {member}: {answer}")))
}

fn expect(answer: &Value, member: &str, wanted: &str) -> Result<(), CommandError> {
    if answer.get(member).and_then(Value::as_str) == Some(wanted) {
        return Ok(());
    }
    Err(CommandError(format!(
        "{member} should be {wanted}: {answer}"
    )))
}
