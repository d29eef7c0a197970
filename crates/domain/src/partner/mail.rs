//! Mails about partners (integrations contract §3.2): what the outbox holds
//! until a mail is rendered and sent.

use serde::Serialize;

use crate::event::Instant;

/// Which mail it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A partner was registered.
    Registered,
    /// A partner was activated or deactivated.
    StatusChanged,
}

impl MailKind {
    /// The kind as the contract spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registered => "PARTNER_REGISTRED",
            Self::StatusChanged => "PARTNER_UPDATED",
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
        }
    }
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

/// Place-holders of the templates; the rest of the contract's list is empty
/// for these kinds.
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
    pub const fn new(kind: MailKind, to: Addressee<'a>, at: Instant) -> Self {
        let (subject_template, content_template) = kind.templates();
        let status = if to.is_active { "active" } else { "De-active" };
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
            },
        }
    }
}
