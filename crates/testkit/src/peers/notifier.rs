//! A kernel notifier on a port of its own.

use pms_peers::notifier::{Notifier, PATH};

use super::stand_in::{Served, faulty};

/// One mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// `mailTo`; several addresses have commas between them.
    pub to: String,
    /// `mailSubject`.
    pub subject: String,
    /// `mailContent`.
    pub content: String,
}

/// A notifier on a free port of loopback.
pub struct NotifierPeer {
    served: Served<Notifier>,
}

impl NotifierPeer {
    /// Starts with nothing sent.
    pub fn start() -> Self {
        Self {
            served: Served::start(Notifier::default()),
        }
    }

    /// Its e-mail endpoint.
    pub fn url(&self) -> String {
        self.served.url(PATH)
    }

    /// The mails that it sent, oldest first.
    pub fn sent(&self) -> Vec<SentMail> {
        let mails = self.served.work().mails().into_iter();
        mails
            .map(|mail| SentMail {
                to: mail.to.join(","),
                subject: mail.subject,
                content: mail.content,
            })
            .collect()
    }
}

faulty!(NotifierPeer);
