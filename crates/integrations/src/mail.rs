//! Mails: opening the address, choosing the texts, merging, and sending
//! (contract integrations.md §3.2 and §3.3).

mod builtin;
mod escape;
mod notices;
mod notifier;
mod row;
mod templates;

use std::collections::HashMap;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
pub use notices::NoticeMailer;
pub use notifier::Notifier;
use pms_database::outbox::leases::Delivery;
use pms_domain::BusinessError;
use pms_domain::zone::TimeZone;
use row::MailRow;
use serde_json::{Map, Value, json};
pub use templates::{BadTemplateUrl, Templates};

use crate::dispatcher::{Deliverer, Undelivered};
use crate::key_manager::{KeyManager, is_sealed};
use crate::velocity;

/// Sends mails as the outbox holds them.
pub struct Mailer {
    notifier: Notifier,
    templates: Option<Templates>,
    codes: TemplateCodes,
    key_manager: KeyManager,
    zone: TimeZone,
    max_age: Duration,
}

/// The operator's codes of templates, by the usual ones: those of the built-in texts,
/// which the rows of mails name (contract integrations.md §3.2).
pub type TemplateCodes = HashMap<&'static str, String>;

/// The parts of a [`Mailer`].
pub struct MailerParts {
    /// Takes the mails.
    pub notifier: Notifier,
    /// The operator's texts; ours without.
    pub templates: Option<Templates>,
    /// How the operator's texts are called, where it is not as usual.
    pub codes: TemplateCodes,
    /// Opens the addresses.
    pub key_manager: KeyManager,
    /// How instants are shown.
    pub zone: TimeZone,
    /// An older mail is not sent any more: it would surprise people.
    pub max_age: Duration,
}

/// A mail as it is sent. Derives no `Debug`: it holds an address.
pub(crate) struct Mail {
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) content: String,
}

/// Which text of a mail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Subject,
    Content,
}

impl Mailer {
    /// Puts the parts together.
    pub fn new(parts: MailerParts) -> Self {
        let MailerParts {
            notifier,
            templates,
            codes,
            key_manager,
            zone,
            max_age,
        } = parts;
        Self {
            notifier,
            templates,
            codes,
            key_manager,
            zone,
            max_age,
        }
    }

    /// Sends one mail.
    ///
    /// # Errors
    /// `Never` when the row or the address is unusable, `Retry` when a peer did
    /// not do its part. The reasons name no person.
    pub async fn send(&self, payload: &Value) -> Result<(), Undelivered> {
        let row = MailRow::read(payload)?;
        let to = self.address(&row.mail_to).boxed().await?;
        let variables = row.variables(&self.zone);
        let language = row.lang_code.as_deref().unwrap_or(builtin::LANGUAGE);
        let subject = self
            .text(Part::Subject, language, &row.subject_template, &variables)
            .boxed()
            .await?;
        let content = self
            .text(Part::Content, language, &row.content_template, &variables)
            .boxed()
            .await?;
        let mail = Mail {
            to,
            subject,
            content,
        };
        self.notifier.send(&mail).boxed().await
    }

    /// The plain address of a column.
    async fn address(&self, column: &str) -> Result<String, Undelivered> {
        let opened = self
            .key_manager
            .decrypt(&[column.to_owned()])
            .await
            .map_err(|rejection: BusinessError| {
                Undelivered::Retry(format!("the address can't be decrypted: {rejection}"))
            })?;
        let address = opened.into_iter().next().unwrap_or_default();
        if is_sealed(&address) {
            let why = "the key manager does not decrypt the address";
            return Err(Undelivered::Retry(why.to_owned()));
        }
        let address = address.trim();
        if !escape::is_address(address) {
            let why = "the partner's address is no e-mail address";
            return Err(Undelivered::Never(why.to_owned()));
        }
        Ok(address.to_owned())
    }

    /// The operator's text if there is a usable one, else ours.
    async fn text(
        &self,
        part: Part,
        language: &str,
        code: &str,
        variables: &Map<String, Value>,
    ) -> Result<String, Undelivered> {
        if let Some(template) = self.foreign(language, code).boxed().await {
            match merged(part, &template, variables) {
                Some(text) => return Ok(text),
                None => {
                    tracing::warn!(
                        language,
                        code,
                        "the template can't be used; ours is instead"
                    );
                }
            }
        }
        builtin::text(language, code)
            .and_then(|template| merged(part, template, variables))
            .ok_or_else(|| Undelivered::Retry(format!("there is no usable template {code}")))
    }

    async fn foreign(&self, language: &str, code: &str) -> Option<Arc<str>> {
        let code = self.codes.get(code).map_or(code, String::as_str);
        self.templates.as_ref()?.get(language, code).boxed().await
    }
}

impl Deliverer for Mailer {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        let age = Duration::from_secs(u64::try_from(row.age_seconds).unwrap_or(0));
        if age > self.max_age {
            let why = "expired: older than outbox.mail_max_age_days".to_owned();
            return ready(Err(Undelivered::Expired(why))).boxed();
        }
        self.send(&row.payload).boxed()
    }
}

/// A template with its variables filled in; nothing when it can't be read, or
/// nothing comes out.
fn merged(part: Part, template: &str, variables: &Map<String, Value>) -> Option<String> {
    let is_html = part == Part::Content && escape::is_html(template);
    let variables = if is_html {
        escape::html(variables)
    } else {
        variables.clone()
    };
    let text = velocity::merge(template, &variables)
        .inspect_err(|error| tracing::warn!(%error, "a template can't be merged"))
        .ok()?;
    let text = match part {
        Part::Subject => escape::header(&text),
        Part::Content if is_html => text,
        Part::Content => escape::of_plain(&text),
    };
    (!text.trim().is_empty()).then_some(text)
}

/// What must not be quoted from a peer's answer to this mail.
pub(crate) fn secrets(mail: &Mail) -> Value {
    let name = mail.to.split('@').next();
    json!([mail.to, mail.subject, mail.content, name])
}
