//! Personal data there and back: what the columns hold, and what people read
//! (contract keymanager.md §11 and §14.4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use pms_domain::BusinessError;
use reqwest::StatusCode;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::answers::{BatchAnswer, CryptoAnswer, read};
use super::{CALLS_AT_ONCE, KeyManager, UNREACHABLE, UNUSABLE, enveloped, is_sealed, plain};

/// The text of a column, wiped when dropped; `None` for one that the key manager
/// can't decrypt.
pub type Opened = Option<Zeroizing<String>>;

/// The key manager of this very process, as its own client. It answers for the
/// key of personal data alone, and only while the service account may use that:
/// the rule that a token of the account meets over HTTP.
pub trait OwnKeyManager: Send + Sync {
    /// Encrypts texts, in order.
    fn encrypt<'a>(
        &'a self,
        texts: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<String>, BusinessError>>;

    /// Decrypts cipher texts, in order.
    fn decrypt<'a>(
        &'a self,
        sealed: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<Opened>, BusinessError>>;
}

impl KeyManager {
    /// Encrypts personal data, in order, to what the columns hold: with one call,
    /// unless the key manager is a remote one.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn encrypt(&self, texts: &[&str]) -> Result<Vec<String>, BusinessError> {
        if let Some(own) = self.own.get() {
            return self.bounded(|| own.encrypt(texts)).await;
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
        let answer: CryptoAnswer = self.post("encrypt", &request).await?;
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
        let mut opened = self.open(&sealed).await?.into_iter();
        let open = |column: &String| {
            if !is_sealed(column) {
                return column.clone();
            }
            let text = opened.next().flatten();
            text.map_or_else(|| column.clone(), |text| (*text).clone())
        };
        Ok(columns.iter().map(open).collect())
    }

    /// Decrypts cipher texts of the contract ([`is_sealed`]), in order: with one
    /// call, unless the key manager is a remote one.
    ///
    /// # Errors
    /// When the key manager can't be reached.
    pub async fn open(&self, sealed: &[&str]) -> Result<Vec<Opened>, BusinessError> {
        if sealed.is_empty() {
            return Ok(Vec::new());
        }
        let opened = if let Some(own) = self.own.get() {
            self.bounded(|| own.decrypt(sealed)).await?
        } else if self.batches {
            self.open_at_once(sealed).await?
        } else {
            self.open_each(sealed).await?
        };
        same_number(sealed, opened)
    }

    /// A call within the process, in the bounds of one to another process: not
    /// while the breaker is open, and no longer than `key_manager.timeout_ms`.
    async fn bounded<'a, T>(
        &self,
        call: impl FnOnce() -> BoxFuture<'a, Result<T, BusinessError>>,
    ) -> Result<T, BusinessError> {
        // The breaker has logged that it refuses.
        let permit = self.peer.permit().or(Err(UNREACHABLE))?;
        if let Ok(answer) = tokio::time::timeout(self.timeout, call()).await {
            if let Some(permit) = permit {
                permit.answered();
            }
            return answer;
        }
        if let Some(permit) = permit {
            permit.timed_out();
        }
        let message = "the key manager of this process did not answer in time";
        pms_log::error(message, "", |line| tracing::error!("{line}"));
        Err(UNREACHABLE.into())
    }

    /// `None` when certificate-service is of a version without the endpoint: in
    /// the middle of an update.
    async fn seal_at_once(&self, texts: &[&str]) -> Result<Option<Vec<String>>, BusinessError> {
        let data: Vec<String> = texts.iter().map(|text| STANDARD.encode(text)).collect();
        let body = enveloped(&self.batch_request(&json!(data)));
        let sent = self.send(reqwest::Method::POST, &["encryptBatch"], Some(&body));
        let answered = sent.await?;
        if answered.status() == StatusCode::NOT_FOUND {
            drop(answered.into_response());
            return Ok(None);
        }
        let answer: BatchAnswer = read(answered).await?;
        let sealed: Option<Vec<String>> = answer.data.into_iter().collect();
        same_number(texts, sealed.ok_or(UNUSABLE)?).map(Some)
    }

    async fn open_at_once(&self, sealed: &[&str]) -> Result<Vec<Opened>, BusinessError> {
        let request = self.batch_request(&json!(sealed));
        let answer: BatchAnswer = self.post("decryptBatch", &request).await?;
        let opened = answer.data.iter().map(|text| plain(text.as_deref()?));
        Ok(opened.collect())
    }

    async fn open_each(&self, sealed: &[&str]) -> Result<Vec<Opened>, BusinessError> {
        let calls: Vec<BoxFuture<'_, _>> = sealed
            .iter()
            .map(|column| self.open_one(column).boxed())
            .collect();
        stream::iter(calls)
            .buffered(CALLS_AT_ONCE)
            .try_collect()
            .await
    }

    async fn open_one(&self, sealed: &str) -> Result<Opened, BusinessError> {
        let request = self.crypto_request(sealed);
        match self.post::<CryptoAnswer>("decrypt", &request).await {
            Ok(answer) => Ok(plain(&answer.data)),
            Err(rejection) if rejection == UNREACHABLE.into() => Err(rejection),
            Err(_) => Ok(None),
        }
    }

    fn crypto_request(&self, data: &str) -> Value {
        json!({
            "applicationId": self.crypto.app_id,
            "referenceId": self.crypto.ref_id,
            "timeStamp": "1970-01-01T00:00:00.000Z",
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

/// As many answers as questions, or the key manager is not ours.
fn same_number<T>(sent: &[&str], answered: Vec<T>) -> Result<Vec<T>, BusinessError> {
    if answered.len() == sent.len() {
        return Ok(answered);
    }
    let message = "the key manager answered about another number of texts";
    pms_log::error(message, "", |line| tracing::error!("{line}"));
    Err(UNUSABLE.into())
}
