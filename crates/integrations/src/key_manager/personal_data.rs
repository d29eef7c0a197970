//! Personal data there and back: what the columns hold, and what people read
//! (contract keymanager.md §11 and §14.4).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use pms_database::Clock;
use pms_domain::BusinessError;
use reqwest::StatusCode;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::answers::{BatchAnswer, CryptoAnswer, read};
use super::{CALLS_AT_ONCE, KEY_UNUSABLE, KeyManager, UNREACHABLE, UNUSABLE, is_sealed, plain};
use crate::authorised::Effect;

/// Texts of one call within the process: a piece of work of some 40 ms where each has
/// a session key of its own, after which others get their turn.
const TEXTS_IN_PROCESS: usize = 96;
/// Texts of one call of our batch endpoints: few enough that a read of one row that
/// waits for them hardly notices, and enough for the way there and back to count little.
const TEXTS_OF_A_BATCH: usize = 384;
/// Texts at a time for a remote key manager: three rounds of calls.
const TEXTS_ONE_BY_ONE: usize = 3 * CALLS_AT_ONCE;

/// What the key manager says of a cipher text. `Debug` is left out: texts are personal.
pub enum Opened {
    /// The text, wiped when dropped.
    Text(Zeroizing<String>),
    /// No key that it has decrypts this cipher text.
    Closed,
    /// It refused for a reason that is not this text: it may decrypt it the next time.
    Refused,
}

/// What came of asking for a cipher text: an error when the call for it failed, or
/// [`KEY_UNUSABLE`].
pub type Answer = Result<Opened, BusinessError>;

impl From<Option<Zeroizing<String>>> for Opened {
    fn from(text: Option<Zeroizing<String>>) -> Self {
        text.map_or(Self::Closed, Self::Text)
    }
}

/// The key manager of this very process, as its own client. It answers for the
/// key of personal data alone, and only while the service account may use that:
/// the rule that a token of the account meets over HTTP.
pub trait OwnKeyManager: Send + Sync {
    /// Encrypts texts, in order.
    fn encrypt<'a>(
        &'a self,
        texts: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<String>, BusinessError>>;

    /// Decrypts cipher texts, in order. A key that can't be opened is the error of its
    /// own texts alone.
    fn decrypt<'a>(
        &'a self,
        sealed: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<Answer>, BusinessError>>;
}

impl KeyManager {
    /// Encrypts personal data, in order, to what the columns hold: with one call,
    /// unless the key manager is a remote one.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn encrypt(&self, texts: &[&str]) -> Result<Vec<String>, BusinessError> {
        if let Some(own) = self.own.get() {
            return self.in_time(own.encrypt(texts)).await;
        }
        if self.batches
            && texts.len() > 1
            && let Some(sealed) = self.seal_at_once(texts).await?
        {
            return Ok(sealed);
        }
        let calls: Vec<BoxFuture<'_, _>> = texts
            .iter()
            .map(|text| self.seal_one(text).boxed())
            .collect();
        stream::iter(calls)
            .buffered(CALLS_AT_ONCE)
            .try_collect()
            .await
    }

    async fn seal_one(&self, text: &str) -> Result<String, BusinessError> {
        let request = self.crypto_request(&STANDARD.encode(text));
        let answer: CryptoAnswer = self.ask("encrypt", &request).await?;
        Ok(answer.data)
    }

    /// Decrypts columns, in order. What is not a cipher text of the contract,
    /// or can't be decrypted, comes back as it is: rows from before encryption.
    ///
    /// # Errors
    /// When the key manager can't be reached.
    pub async fn decrypt(&self, columns: &[String]) -> Result<Vec<String>, BusinessError> {
        let texts = columns.iter().map(String::as_str);
        let sealed: Vec<&str> = texts.filter(|column| is_sealed(column)).collect();
        let mut opened = self.open(&sealed).await.into_iter();
        let open = |column: &String| {
            if !is_sealed(column) {
                return Ok(column.clone());
            }
            match opened.next().transpose()? {
                Some(Opened::Text(text)) => Ok((*text).clone()),
                _ => Ok(column.clone()),
            }
        };
        columns.iter().map(open).collect()
    }

    /// How many texts [`KeyManager::open`] is best given at a time. Who has more calls
    /// it repeatedly and keeps what was opened: others wait for a part of a page then,
    /// and not for all of it.
    pub fn texts_at_a_time(&self) -> usize {
        if self.own.get().is_some() {
            TEXTS_IN_PROCESS
        } else if self.batches {
            TEXTS_OF_A_BATCH
        } else {
            TEXTS_ONE_BY_ONE
        }
    }

    /// Whether [`KeyManager::open`] makes a call for each text, not one for all.
    pub fn asks_for_each(&self) -> bool {
        self.own.get().is_none() && !self.batches
    }

    /// Longest a call may take.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Decrypts cipher texts of the contract ([`is_sealed`]), in order: with one
    /// call, unless the key manager is a remote one. There a call that fails is the
    /// answer to its own text alone.
    pub async fn open(&self, sealed: &[&str]) -> Vec<Answer> {
        if sealed.is_empty() {
            return Vec::new();
        }
        let opened = if let Some(own) = self.own.get() {
            self.in_time(own.decrypt(sealed)).await
        } else if self.batches {
            self.open_at_once(sealed).await
        } else {
            return self.open_each(sealed).await;
        };
        opened
            .and_then(|opened| same_number(sealed, opened))
            .unwrap_or_else(|cause| sealed.iter().map(|_| Err(cause.clone())).collect())
    }

    /// A call within the process takes no longer than `key_manager.timeout_ms`. It has
    /// no part in the breaker: one that takes long says that this process is busy, and
    /// an open breaker would fail the short ones too.
    async fn in_time<T>(
        &self,
        call: BoxFuture<'_, Result<T, BusinessError>>,
    ) -> Result<T, BusinessError> {
        if let Ok(answer) = tokio::time::timeout(self.timeout, call).await {
            return answer;
        }
        let message = "the key manager of this process did not answer in time";
        pms_log::error(message, "", |line| tracing::error!("{line}"));
        Err(UNREACHABLE.into())
    }

    /// `None` when certificate-service is of a version without the endpoint: in
    /// the middle of an update.
    async fn seal_at_once(&self, texts: &[&str]) -> Result<Option<Vec<String>>, BusinessError> {
        let data: Vec<String> = texts.iter().map(|text| STANDARD.encode(text)).collect();
        let request = self.batch_request(&json!(data));
        let sent = self.send_enveloped(Effect::Nothing, "encryptBatch", &request);
        let answered = sent.await?;
        if answered.status() == StatusCode::NOT_FOUND {
            drop(answered.into_response());
            return Ok(None);
        }
        let answer: BatchAnswer = read(answered).await?;
        let sealed: Option<Vec<String>> = answer.data.into_iter().collect();
        same_number(texts, sealed.ok_or(UNUSABLE)?).map(Some)
    }

    async fn open_at_once(&self, sealed: &[&str]) -> Result<Vec<Answer>, BusinessError> {
        let request = json!({
            "applicationId": self.crypto.app_id,
            "referenceId": self.crypto.ref_id,
            "data": sealed,
            // An older version does not know this, and fails the call for one such text.
            "reportFailed": true,
        });
        let answer: BatchAnswer = self.ask("decryptBatch", &request).await?;
        let text = |text: &Option<String>| plain(text.as_deref()?);
        let opened = answer.data.iter().map(|data| Ok(text(data).into()));
        let mut answers: Vec<Answer> = opened.collect();
        for place in answer.failed {
            // A place that is none may stand for any text.
            let failed = answers.get_mut(place).ok_or(UNUSABLE)?;
            *failed = Err(KEY_UNUSABLE.into());
        }
        Ok(answers)
    }

    async fn open_each(&self, sealed: &[&str]) -> Vec<Answer> {
        let calls: Vec<BoxFuture<'_, _>> = sealed
            .iter()
            .map(|column| self.open_one(column).boxed())
            .collect();
        stream::iter(calls).buffered(CALLS_AT_ONCE).collect().await
    }

    async fn open_one(&self, sealed: &str) -> Answer {
        let request = self.crypto_request(sealed);
        match self.ask::<CryptoAnswer>("decrypt", &request).await {
            Ok(answer) => Ok(plain(&answer.data).into()),
            Err(rejection) if rejection == UNREACHABLE.into() => Err(rejection),
            Err(rejection) => {
                let message = "the key manager does not decrypt; what is stored is answered";
                pms_log::warn(message, rejection.code(), |line| {
                    tracing::warn!(code = rejection.code(), "{line}");
                });
                Ok(if is_about_the_text(rejection.code()) {
                    Opened::Closed
                } else {
                    Opened::Refused
                })
            }
        }
    }

    fn crypto_request(&self, data: &str) -> Value {
        // The peer's time counts, not that of a test or a simulation.
        let now = Clock::system().now();
        json!({
            "applicationId": self.crypto.app_id,
            "referenceId": self.crypto.ref_id,
            "timeStamp": now.to_rfc3339_opts(SecondsFormat::Millis, true),
            "data": data,
        })
    }

    fn batch_request(&self, data: &Value) -> Value {
        json!({
            "applicationId": self.crypto.app_id,
            "referenceId": self.crypto.ref_id,
            "data": data,
        })
    }
}

/// Whether a refusal says of a cipher text that it can't be decrypted: the key that it
/// names is unknown, ambiguous, of another application or domain, or does not fit, or
/// the text is damaged (contract keymanager.md §11). Any other refusal tells nothing of
/// the text.
fn is_about_the_text(code: &str) -> bool {
    const CODES: [&str; 6] = [
        "KER-KMS-018",
        "KER-KMS-019",
        "KER-KMS-023",
        "KER-KMS-024",
        "KER-KMS-025",
        "KER-CRY-003",
    ];
    CODES.contains(&code) || code.starts_with("KER-FSE-")
}

/// As many answers as questions, or the key manager is not ours.
fn same_number<T>(sent: &[&str], answered: Vec<T>) -> Result<Vec<T>, BusinessError> {
    if answered.len() == sent.len() {
        return Ok(answered);
    }
    let message = "the key manager answered about another number of texts";
    pms_log::error(message, "", |line| tracing::error!("{line}"));
    Err(UNUSABLE.into())
}
