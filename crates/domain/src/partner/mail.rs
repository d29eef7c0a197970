//! Mails about partners (contract integrations.md §3.2): what the outbox holds
//! until a mail is rendered and sent.

use serde::Serialize;

use crate::event::Instant;

/// Which mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind<'a> {
    /// A partner was registered.
    Registered,
    /// A partner was activated or deactivated.
    StatusChanged,
    /// An API key was activated or deactivated.
    KeyStatusChanged(KeyFacts<'a>),
    /// An API key expires soon.
    KeyExpires(KeyFacts<'a>),
}

/// What a mail says about an API key. The key itself is a secret and no part
/// of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyFacts<'a> {
    /// What the partner calls the key.
    pub label: &'a str,
    /// Policy id.
    pub policy_id: &'a str,
    /// Policy name.
    pub policy_name: &'a str,
    /// Whether the policy is active.
    pub policy_active: bool,
    /// End of the policy.
    pub policy_expires_on: Instant,
    /// Whether the key is active now.
    pub key_active: bool,
    /// End of the key, if it has one.
    pub key_expires_on: Option<Instant>,
}

impl<'a> MailKind<'a> {
    /// The kind as the contract spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registered => "PARTNER_REGISTRED",
            Self::StatusChanged => "PARTNER_UPDATED",
            Self::KeyStatusChanged(_) => "APIKEY_STATUS_UPDATED",
            Self::KeyExpires(_) => "APIKEY_EXPIRED",
        }
    }

    /// Template codes of subject and body.
    const fn templates(self) -> (&'static str, &'static str) {
        match self {
            Self::Registered => ("partner-reg-sub-template", "partner-reg-content-template"),
            Self::StatusChanged => (
                "partner-status-sub-template",
                "partner-status-content-template",
            ),
            Self::KeyStatusChanged(_) | Self::KeyExpires(_) => (
                "partner-apikey-status-sub-template",
                "apikey-status-content-template",
            ),
        }
    }

    const fn key(self) -> Option<KeyVariables<'a>> {
        match self {
            Self::KeyStatusChanged(key) | Self::KeyExpires(key) => Some(KeyVariables {
                policy_id: key.policy_id,
                policy_name: key.policy_name,
                policy_name_again: key.policy_name,
                policy_status: status_text(key.policy_active),
                policy_expires_on: key.policy_expires_on,
                api_key: HIDDEN,
                api_key_label: key.label,
                api_key_status: status_text(key.key_active),
                api_key_expires_on: key.key_expires_on,
            }),
            Self::Registered | Self::StatusChanged => None,
        }
    }
}

/// Stands in for a key.
const HIDDEN: &str = "********";

const fn status_text(active: bool) -> &'static str {
    if active { "active" } else { "De-active" }
}

/// Content of a mail to a partner.
///
/// The recipient is the column's value, cipher text as a rule, and is opened
/// only when the mail is sent.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerMail<'a> {
    mail_to: &'a str,
    lang_code: Option<&'a str>,
    subject_template: &'static str,
    content_template: &'static str,
    variables: Variables<'a>,
}

/// Place-holders of the templates.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Variables<'a> {
    partner_name: &'a str,
    partner_id: &'a str,
    partner_status: &'static str,
    status: &'static str,
    /// UTC; shown in the operator's time zone when the mail is rendered.
    #[serde(rename = "Date")]
    date: Instant,
    #[serde(flatten)]
    key: Option<KeyVariables<'a>>,
}

/// Place-holders of mails about an API key.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyVariables<'a> {
    policy_id: &'a str,
    policy_name: &'a str,
    #[serde(rename = "PolicyName")]
    policy_name_again: &'a str,
    policy_status: &'static str,
    policy_expires_on: Instant,
    api_key: &'static str,
    /// Shown where the templates print the key: the partner may have several for a policy.
    api_key_label: &'a str,
    api_key_status: &'static str,
    api_key_expires_on: Option<Instant>,
}

/// Whom a mail is about.
#[derive(Debug, Clone, Copy)]
pub struct Addressee<'a> {
    /// Partner id.
    pub partner_id: &'a str,
    /// Organisation name.
    pub partner_name: &'a str,
    /// The column `email_id`.
    pub email: &'a str,
    /// The partner's language.
    pub lang_code: Option<&'a str>,
    /// Whether the partner is active now.
    pub is_active: bool,
}

impl<'a> PartnerMail<'a> {
    /// The mail of this kind to a partner.
    pub const fn new(kind: MailKind<'a>, to: Addressee<'a>, at: Instant) -> Self {
        let (subject_template, content_template) = kind.templates();
        let status = status_text(to.is_active);
        Self {
            mail_to: to.email,
            lang_code: to.lang_code,
            subject_template,
            content_template,
            variables: Variables {
                partner_name: to.partner_name,
                partner_id: to.partner_id,
                partner_status: status,
                status,
                date: at,
                key: kind.key(),
            },
        }
    }
}
