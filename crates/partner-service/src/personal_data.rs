//! Address, telephone number and e-mail of partners: sealed in the database,
//! opened for an answer (contract partner.md §1.8).

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use lru::LruCache;
use pms_domain::BusinessError;
use pms_integrations::KeyManager;
use pms_integrations::key_manager::is_sealed;
use pms_web::ApiError;
use zeroize::Zeroizing;

/// Columns whose plain text is kept in memory: about a megabyte.
const KEPT: NonZeroUsize = NonZeroUsize::new(4096).unwrap();
/// Longer plain texts are not kept.
const LONGEST_KEPT: usize = 1024;
/// How long a column that can't be opened is not asked for again.
const CLOSED_FOR: Duration = Duration::from_secs(60);
/// Bytes of cipher text in one call. Only pages of thousands of rows have more.
const MOST_ASKED: usize = 2 * 1024 * 1024;

type Hash = [u8; 32];

/// What is known of a column.
enum Known {
    /// Its plain text.
    Open(Zeroizing<String>),
    /// It could not be opened at this time. It is asked for again later: a key may
    /// have come back.
    Closed(Instant),
}

/// Seals and opens columns through the key manager.
///
/// A cipher text never changes its meaning, so plain texts are kept by the hash
/// of their cipher text: bounded, and wiped when they leave. What can't be opened
/// is kept too, for a while.
pub(crate) struct PersonalData {
    key_manager: KeyManager,
    kept: Mutex<LruCache<Hash, Known>>,
}

impl PersonalData {
    /// With nothing kept yet.
    pub(crate) fn new(key_manager: KeyManager) -> Self {
        Self {
            key_manager,
            kept: Mutex::new(LruCache::new(KEPT)),
        }
    }

    /// Seals texts for their columns.
    ///
    /// # Errors
    /// When the key manager does not; its own error is nothing for the client.
    pub(crate) async fn seal<const N: usize>(
        &self,
        texts: [&str; N],
    ) -> Result<[String; N], ApiError> {
        let sealed = self
            .key_manager
            .encrypt(&texts)
            .await
            .map_err(|rejection| {
                ApiError::Unexpected(format!("personal data can't be encrypted: {rejection}"))
            })?;
        <[String; N]>::try_from(sealed).map_err(|_sealed| {
            ApiError::unexpected("the key manager encrypted another number of texts")
        })
    }

    /// [`PersonalData::open_all`] for the columns of one row.
    ///
    /// # Errors
    /// When the key manager can't be reached.
    pub(crate) async fn open<const N: usize>(
        &self,
        columns: [Option<String>; N],
    ) -> Result<[Option<String>; N], ApiError> {
        let opened = self.open_all(Vec::from(columns)).await?;
        <[Option<String>; N]>::try_from(opened).map_err(|_opened| {
            ApiError::unexpected("the key manager decrypted another number of texts")
        })
    }

    /// Opens columns, of many rows with one call. Clear text, and cipher text
    /// that the key manager can't decrypt, comes back as it is; an empty column
    /// stays empty. The answer is as long as the question, in its order.
    ///
    /// # Errors
    /// When the key manager can't be reached.
    pub(crate) async fn open_all(
        &self,
        columns: Vec<Option<String>>,
    ) -> Result<Vec<Option<String>>, ApiError> {
        let mut opened = columns;
        match self.open_in_place(&mut opened).await {
            Ok(()) => Ok(opened),
            Err(Closed { cause, .. }) => Err(ApiError::Unexpected(format!(
                "personal data can't be decrypted: {cause}"
            ))),
        }
    }

    /// [`PersonalData::open_all`] as far as it can be had: what is sealed is left
    /// out when the key manager can't be reached, which is not tried again for
    /// the same request.
    pub(crate) async fn open_readable(
        &self,
        columns: Vec<Option<String>>,
        attempt: &Attempt,
    ) -> Vec<Option<String>> {
        let mut columns = columns;
        let closed = if attempt.has_failed() {
            self.closed(&mut columns).0
        } else {
            match self.open_in_place(&mut columns).await {
                Ok(()) => return columns,
                Err(Closed { cause, places }) => {
                    // While it hangs, that was told once.
                    if !self.key_manager.is_hung() {
                        tracing::warn!(error = %cause, "personal data is left out");
                    }
                    attempt.fail();
                    places
                }
            }
        };
        for place in closed {
            if let Some(column) = columns.get_mut(place) {
                column.take_if(|text| is_sealed(text));
            }
        }
        columns
    }

    /// Opens what is kept, and tells the places and the texts of the rest. What
    /// was opened already must not be opened again: a text that looks sealed may
    /// be what somebody wrote into a profile.
    fn closed(&self, columns: &mut [Option<String>]) -> (Vec<usize>, Vec<String>) {
        let mut closed = (Vec::new(), Vec::new());
        for (place, column) in columns.iter_mut().enumerate() {
            let Some(column) = column else { continue };
            match self.kept(column) {
                Some(text) => *column = text,
                None => {
                    closed.0.push(place);
                    closed.1.push(column.clone());
                }
            }
        }
        closed
    }

    async fn open_in_place(&self, columns: &mut [Option<String>]) -> Result<(), Closed> {
        let (places, asked) = self.closed(columns);
        let mut done = 0;
        for texts in calls(&asked) {
            let opened = match self.key_manager.decrypt(texts).await {
                Ok(opened) => opened,
                Err(cause) => {
                    let places = places.into_iter().skip(done).collect();
                    return Err(Closed { cause, places });
                }
            };
            for (place, text) in places.iter().skip(done).zip(opened) {
                let Some(Some(column)) = columns.get_mut(*place) else {
                    continue;
                };
                if *column != text {
                    self.keep(column, &text);
                    *column = text;
                } else if is_sealed(column) {
                    self.keep_closed(column);
                }
            }
            done += texts.len();
        }
        Ok(())
    }

    fn kept(&self, column: &str) -> Option<String> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.get(&hash(column))? {
            Known::Open(text) => Some(text.as_str().to_owned()),
            Known::Closed(since) if since.elapsed() < CLOSED_FOR => Some(column.to_owned()),
            Known::Closed(_) => None,
        }
    }

    fn keep(&self, column: &str, text: &str) {
        if text.len() <= LONGEST_KEPT {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.put(hash(column), Known::Open(Zeroizing::new(text.to_owned())));
        }
    }

    fn keep_closed(&self, column: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(hash(column), Known::Closed(Instant::now()));
    }
}

/// Whether the key manager failed in a request: it is not asked again then, or
/// a list in many runs would wait for each of them. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt(Arc<AtomicBool>);

impl Attempt {
    fn has_failed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn fail(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The key manager did not open these columns.
struct Closed {
    cause: BusinessError,
    places: Vec<usize>,
}

/// The texts, shared out to as few calls as they fit into.
fn calls(texts: &[String]) -> impl Iterator<Item = &[String]> {
    let mut bytes = 0;
    texts.chunk_by(move |text, next| {
        bytes += text.len();
        let fits = bytes + next.len() <= MOST_ASKED;
        if !fits {
            bytes = 0;
        }
        fits
    })
}

/// `email_id_hash` of an address: lower-case hex SHA-256 of the lower-cased text.
pub(crate) fn email_hash(address: &str) -> String {
    hex::encode(hash(&address.to_lowercase()))
}

fn hash(text: &str) -> Hash {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_fit_into_one_call_share_it() {
        let quarter = "x".repeat(MOST_ASKED / 4);
        let sizes = |count| -> Vec<usize> {
            let texts = vec![quarter.clone(); count];
            calls(&texts).map(<[String]>::len).collect()
        };

        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(4), [4]);
        assert_eq!(sizes(9), [4, 4, 1]);
    }

    #[test]
    fn the_hash_of_an_address_ignores_case() {
        let hash = "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b";

        assert_eq!(email_hash("test@example.com"), hash);
        assert_eq!(email_hash("Test@Example.COM"), hash);
    }
}
