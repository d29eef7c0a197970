//! The journey itself.

mod clients;
mod onboarding;

use std::fmt::Display;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::DemoOptions;
use super::client::{Account, Deployment, text_at};
use crate::commands::{CommandError, say};

/// What the end of the demo shows.
pub(super) type Summary = Vec<(&'static str, String)>;

pub(super) const PASSWORD: &str = "demo-password";

/// The people of the play.
#[derive(Clone)]
struct Cast {
    manager: Account,
    admin: Account,
    partner: Account,
    /// A relying module: reads what others set up. Only in development.
    module: Option<Account>,
    partner_id: String,
}

struct Play {
    cast: Cast,
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
    let cast = cast(options, &deployment, &mark).await?;
    let mut play = Play {
        cast,
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
        ("Partner", play.cast.partner_id.clone()),
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

async fn cast(
    options: &DemoOptions,
    deployment: &Deployment,
    mark: &str,
) -> Result<Cast, CommandError> {
    if options.issuer.is_some() {
        let given = |value: &Option<String>| value.clone().unwrap_or_default();
        let (user, password) = (given(&options.admin_user), given(&options.admin_password));
        let admin = deployment.sign_in(&user, &password).await?;
        let partner_id = given(&options.partner_user);
        let partner = deployment
            .sign_in(&partner_id, &given(&options.partner_password))
            .await?;
        return Ok(Cast {
            manager: admin.clone(),
            admin,
            partner,
            module: None,
            partner_id,
        });
    }
    let password = crate::demo::DEMO_PASSWORD;
    let partner_id = format!("demo-{mark}");
    let module_id = format!("module-{mark}");
    // GLOBAL_ADMIN for the certificates of ROOT and PMS.
    let module = json!({
        "username": module_id, "password": PASSWORD,
        "roles": ["ID_AUTHENTICATION", "GLOBAL_ADMIN"],
    });
    let partner = partner(deployment, &partner_id).await?;
    deployment.make_user(&module).await?;
    Ok(Cast {
        manager: deployment.sign_in("policy-manager", password).await?,
        admin: deployment.sign_in("partner-admin", password).await?,
        partner,
        module: Some(deployment.sign_in(&module_id, PASSWORD).await?),
        partner_id,
    })
}

/// A new partner's account at the development provider.
async fn partner(deployment: &Deployment, id: &str) -> Result<Account, CommandError> {
    let user = json!({ "username": id, "password": PASSWORD, "roles": ["AUTH_PARTNER"] });
    deployment.make_user(&user).await?;
    deployment.sign_in(id, PASSWORD).await
}

impl Play {
    fn tell(&mut self, what: impl Display, meaning: impl Display) {
        if self.quiet {
            return;
        }
        self.step += 1;
        say(format_args!("{:>2}. {what}\n    {meaning}", self.step));
    }

    /// The number of the last event before the play, if there is a hub to ask.
    async fn events_so_far(&self) -> u64 {
        let last = self.deployment.open_page("/dev/events.json").await.ok();
        let last = last.and_then(|events| events.as_array()?.last()?.get("seq")?.as_u64());
        last.unwrap_or(0)
    }

    async fn make_policy(&mut self) -> Result<(String, String), CommandError> {
        let (manager, mark) = (self.cast.manager.clone(), self.mark.clone());
        let group = json!({ "name": format!("demo-group-{mark}"), "desc": "Demo policy group" });
        let made = manager
            .send(Method::POST, "/v1/policymanager/policies/group/new", group)
            .await?;
        let group_id = text(&made, "id")?;
        self.tell(
            format_args!("Policy group {group_id}"),
            "Partners join a group; its policies are theirs to ask for.",
        );
        let policy = json!({
            "name": format!("demo-policy-{mark}"),
            "desc": "One-time passwords, and the name",
            "policyGroupName": format!("demo-group-{mark}"),
            "policyType": "Auth",
            "version": "1.1",
            "policies": {
                "authTokenType": "policy",
                "allowedAuthTypes": [{ "authType": "otp", "mandatory": false }],
                "allowedKycAttributes": [{ "attributeName": "fullName" }],
            },
        });
        let made = manager
            .send(Method::POST, "/v1/policymanager/policies", policy)
            .await?;
        let policy_id = text(&made, "id")?;
        self.tell(
            format_args!("Policy {policy_id}, a draft"),
            "The document was checked against the JSON schema of its type.",
        );
        let path = format!("/v1/policymanager/policies/{policy_id}/group/{group_id}/publish");
        manager.send(Method::POST, &path, json!({})).await?;
        self.tell(
            "Policy published",
            "Only published policies can be asked for; relying modules hear of it.",
        );
        Ok((group_id, policy_id))
    }

    async fn get_key(&mut self) -> Result<String, CommandError> {
        let (id, mark) = (self.cast.partner_id.clone(), self.mark.clone());
        let policy = format!("demo-policy-{mark}");
        let request = json!({ "policyName": policy, "useCaseDescription": "Demo" });
        let path = format!("/v1/partnermanager/partners/{id}/policy/map");
        let answer = self.cast.partner.send(Method::POST, &path, request).await?;
        let mapping = text(&answer, "mappingkey")?;
        self.tell(
            format_args!("Mapping request {mapping}"),
            "The partner asks for the policy.",
        );
        let path = format!("/v1/partnermanager/partners/policy/{mapping}");
        self.cast
            .admin
            .send(Method::PUT, &path, json!({ "status": "Approved" }))
            .await?;
        self.tell(
            "An admin approved it",
            "The partner may now make API keys for this policy.",
        );
        let request = json!({ "policyName": policy, "label": "demo" });
        let path = format!("/v1/partnermanager/partners/{id}/generate/apikey");
        let answer = self
            .cast
            .partner
            .send(Method::PATCH, &path, request)
            .await?;
        let key = text(&answer, "apiKey")?;
        self.tell(
            "The partner made an API key",
            "It is shown once, here; relying modules get it by event.",
        );
        Ok(key)
    }

    async fn read_as_a_module(&mut self, policy_id: &str) -> Result<(), CommandError> {
        let path = format!(
            "/v1/policymanager/policies/{policy_id}/partner/{}",
            self.cast.partner_id
        );
        let policy = self.cast.manager.get(&path).await?;
        if text_at(&policy, "/policies/authTokenType") != Some("policy") {
            return Err(CommandError(format!(
                "the policy for the partner is not what was made: {policy}"
            )));
        }
        self.tell(
            "A relying module reads the partner's policy",
            "Datashare and the registration processor do this per packet.",
        );
        Ok(())
    }

    async fn hear_events(
        &mut self,
        seen: u64,
        api_key: &str,
        policy_id: &str,
    ) -> Result<(), CommandError> {
        if self.cast.module.is_none() {
            return Ok(());
        }
        let mine = |event: &Value| {
            text_at(event, "/topic") == Some("APIKEY_APPROVED")
                && text_at(event, "/payload/event/data/apiKeyData/apiKeyId") == Some(api_key)
        };
        let events = self.until_heard(seen, "APIKEY_APPROVED", mine).await?;
        let id = self.cast.partner_id.as_str();
        let topics: Vec<&str> = events
            .iter()
            .filter(|event| event.to_string().contains(id) || event.to_string().contains(policy_id))
            .filter_map(|event| text_at(event, "/topic"))
            .collect();
        let topics = topics.join(", ");
        self.tell("The hub delivered the events", topics);
        Ok(())
    }
}

impl Play {
    /// The events since `seen`, once one of them is the one that is waited for.
    async fn until_heard(
        &self,
        seen: u64,
        topic: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, CommandError> {
        let path = format!("/dev/events.json?after={seen}");
        let heard = tokio::time::timeout(Duration::from_secs(10), async {
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            loop {
                ticks.tick().await;
                let events = self.deployment.open_page(&path).await?;
                let events = events.as_array().cloned().unwrap_or_default();
                if events.iter().any(&wanted) {
                    return Ok::<_, CommandError>(events);
                }
            }
        });
        heard.await.map_err(|_elapsed| {
            CommandError(format!("the event {topic} was not delivered within 10 s"))
        })?
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
