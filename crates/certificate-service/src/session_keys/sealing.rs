//! The session key that personal data is encrypted with at present.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use pms_pki::envelope::SessionKey;
use pms_pki::{Certificate, PkiError};
use prometheus::IntCounter;

/// How long and how often a session key is used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Longest time from its making.
    pub(crate) age: TimeDelta,
    /// Most texts: each has a nonce of 96 random bits, and two may never be equal.
    pub(crate) texts: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            age: TimeDelta::hours(1),
            texts: 1 << 20,
        }
    }
}

/// Encrypts texts, many of them with the same session key: another one after an
/// hour, after 2^20 texts, and for another certificate.
pub(crate) struct Sealing {
    limits: Limits,
    made: IntCounter,
    current: Mutex<Option<Current>>,
}

struct Current {
    session: Arc<SessionKey>,
    since: DateTime<Utc>,
    texts: u32,
}

impl Sealing {
    /// Without a key yet. `made` counts them.
    pub(crate) fn new(limits: Limits, made: IntCounter) -> Self {
        Self {
            limits,
            made,
            current: Mutex::new(None),
        }
    }

    /// Whether `texts` can be encrypted without an RSA operation.
    pub(crate) fn is_ready(
        &self,
        recipient: &Certificate,
        texts: usize,
        now: DateTime<Utc>,
    ) -> bool {
        let thumbprint = recipient.encoding_sha256();
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = u32::try_from(texts).unwrap_or(u32::MAX);
        current
            .as_ref()
            .is_some_and(|current| self.serves(current, &thumbprint, texts, now))
    }

    /// Encrypts texts, in order.
    ///
    /// # Errors
    /// When the recipient's key is not RSA.
    pub(crate) fn seal_all<T: AsRef<[u8]>>(
        &self,
        recipient: &Certificate,
        texts: &[T],
        now: DateTime<Utc>,
    ) -> Result<Vec<String>, PkiError> {
        let thumbprint = recipient.encoding_sha256();
        let seal = |text: &T| {
            let session = self.session(recipient, &thumbprint, now)?;
            session.seal(text.as_ref())
        };
        texts.iter().map(seal).collect()
    }

    /// The session key for one more text. Made under the lock: all others wait for
    /// this one key, some 30 µs.
    fn session(
        &self,
        recipient: &Certificate,
        thumbprint: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Arc<SessionKey>, PkiError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(current) = current.as_mut()
            && self.serves(current, thumbprint, 1, now)
        {
            current.texts += 1;
            return Ok(Arc::clone(&current.session));
        }
        let session = Arc::new(SessionKey::generate(recipient)?);
        self.made.inc();
        *current = Some(Current {
            session: Arc::clone(&session),
            since: now,
            texts: 1,
        });
        Ok(session)
    }

    fn serves(
        &self,
        current: &Current,
        thumbprint: &[u8; 32],
        texts: u32,
        now: DateTime<Utc>,
    ) -> bool {
        let age = now - current.since;
        // A clock that was set back says nothing about the age.
        let is_young = age >= TimeDelta::zero() && age < self.limits.age;
        let total = current.texts.saturating_add(texts);
        current.session.thumbprint() == thumbprint && is_young && total <= self.limits.texts
    }
}

#[cfg(test)]
mod tests {
    use pms_pki::envelope::Envelope;
    use pms_pki::issue::{Profile, Subject, issue_root};
    use pms_pki::{DecryptingKey, Pkcs8, SigningKey};

    use super::*;

    const TEN: &str = "2026-01-01T10:00:00Z";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn sealing(texts: u32) -> Sealing {
        let limits = Limits {
            texts,
            ..Limits::default()
        };
        Sealing::new(limits, IntCounter::new("made", "made").unwrap())
    }

    fn recipient() -> (Certificate, Pkcs8) {
        let profile = Profile {
            subject: Subject {
                common_name: Some("PII".to_owned()),
                organizational_unit: None,
                organization: None,
                locality: None,
                state: None,
                country: None,
            },
            from: at(TEN),
            days: 1,
        };
        let key = Pkcs8::generate_rsa().unwrap();
        let certificate = issue_root(&profile, &SigningKey::from_pkcs8(&key).unwrap());
        (certificate.unwrap(), key)
    }

    /// The wrapped session key that a text is encrypted with.
    fn seal(sealing: &Sealing, recipient: &Certificate, now: &str) -> Vec<u8> {
        let sealed = sealing.seal_all(recipient, &["a text"], at(now)).unwrap();
        Envelope::parse(&sealed[0]).unwrap().wrapped_key().to_vec()
    }

    #[test]
    fn a_session_key_lasts_for_an_hour_and_not_at_all_when_the_clock_is_set_back() {
        let (sealing, (recipient, _)) = (sealing(100), recipient());

        let first = seal(&sealing, &recipient, TEN);

        assert_eq!(seal(&sealing, &recipient, "2026-01-01T10:59:59Z"), first);
        let second = seal(&sealing, &recipient, "2026-01-01T11:00:00Z");
        assert_ne!(second, first);
        assert_eq!(seal(&sealing, &recipient, "2026-01-01T11:00:01Z"), second);
        assert_ne!(seal(&sealing, &recipient, "2026-01-01T10:59:59Z"), second);
        assert_eq!(sealing.made.get(), 3);
    }

    #[test]
    fn a_session_key_encrypts_no_more_texts_than_it_may() {
        let (sealing, (recipient, key)) = (sealing(3), recipient());
        let texts = ["1", "2", "3", "4", "5", "6", "7"];

        let sealed = sealing.seal_all(&recipient, &texts, at(TEN)).unwrap();

        let key = DecryptingKey::from_pkcs8(&key).unwrap();
        let envelopes: Vec<_> = sealed
            .iter()
            .map(|text| Envelope::parse(text).unwrap())
            .collect();
        for (envelope, text) in envelopes.iter().zip(texts) {
            assert_eq!(*envelope.open(&key, None).unwrap(), text.as_bytes());
        }
        let by_key: Vec<_> = envelopes
            .chunk_by(|one, other| one.wrapped_key() == other.wrapped_key())
            .map(<[_]>::len)
            .collect();
        assert_eq!(by_key, [3, 3, 1]);
        assert!(sealing.is_ready(&recipient, 2, at(TEN)));
        assert!(!sealing.is_ready(&recipient, 3, at(TEN)));
    }

    #[test]
    fn by_default_it_is_an_hour_and_a_million_texts() {
        let limits = Limits::default();

        assert_eq!(limits.age.num_minutes(), 60);
        assert_eq!(limits.texts, 1_048_576);
    }

    #[test]
    fn another_certificate_gets_another_session_key() {
        let sealing = sealing(100);
        let ((one, _), (other, _)) = (recipient(), recipient());

        let first = seal(&sealing, &one, TEN);

        assert!(sealing.is_ready(&one, 1, at(TEN)) && !sealing.is_ready(&other, 1, at(TEN)));
        assert_ne!(seal(&sealing, &other, TEN), first);
    }
}
