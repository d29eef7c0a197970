//! Session keys that were unwrapped lately.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use lru::LruCache;
use pms_pki::envelope::{DataKey, Envelope};
use prometheus::IntCounter;

use super::decrypting;
use crate::keys::OwnKey;

/// Session keys that are kept: those of three years, when one replica makes one an
/// hour. Each takes some 250 bytes.
pub(crate) const KEPT: NonZeroUsize = NonZeroUsize::new(32_768).unwrap();

/// SHA-256 of a wrapped session key and of the name of the key that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Of the session key of an envelope.
    pub(crate) fn of(envelope: &Envelope, key: &OwnKey) -> Self {
        let mut context = Context::new(&SHA256);
        // An id has no character NUL, so no two pairs give the same bytes.
        context.update(key.id.as_bytes());
        context.update(&[0]);
        context.update(envelope.wrapped_key());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(context.finish().as_ref());
        Self(bytes)
    }
}

/// A session key; `None` when the wrapped one was not made for the key that it names.
pub(crate) type Unwrapping = Arc<OnceLock<Option<DataKey>>>;

/// Unwraps session keys, each once. A key is wiped when it leaves and the last
/// that decrypts with it is done.
///
/// One that can't be unwrapped is kept too: it never can.
pub(crate) struct Unwrapped {
    kept: Mutex<LruCache<Digest, Unwrapping>>,
    /// RSA operations.
    count: IntCounter,
}

impl Unwrapped {
    /// Keeps as many as `most`. `count` counts RSA operations.
    pub(crate) fn new(most: NonZeroUsize, count: IntCounter) -> Self {
        Self {
            kept: Mutex::new(LruCache::new(most)),
            count,
        }
    }

    /// The session key, if it was unwrapped before.
    pub(crate) fn known(&self, digest: Digest) -> Option<Unwrapping> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(&digest)?;
        found.get().is_some().then(|| Arc::clone(found))
    }

    /// The session key of an envelope. Threads that ask for the same one wait for
    /// one RSA operation: only for [`pms_runtime::Compute`].
    pub(crate) fn of(&self, digest: Digest, envelope: &Envelope, key: &OwnKey) -> Unwrapping {
        let slot = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(kept.get_or_insert(digest, Unwrapping::default))
        };
        slot.get_or_init(|| self.unwrap(envelope, key));
        slot
    }

    /// The session key of an envelope that shares it with no other: not kept.
    pub(crate) fn alone(&self, envelope: &Envelope, key: &OwnKey) -> Unwrapping {
        Arc::new(OnceLock::from(self.unwrap(envelope, key)))
    }

    fn unwrap(&self, envelope: &Envelope, key: &OwnKey) -> Option<DataKey> {
        let private = decrypting(key).ok()?;
        self.count.inc();
        envelope.unwrap_key(private).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use pms_pki::envelope::SessionKey;
    use pms_pki::issue::{Profile, Subject, issue_root};
    use pms_pki::{DecryptingKey, Pkcs8, SigningKey};

    use super::*;
    use crate::keys::Secret;

    fn own_key(id: &str) -> OwnKey {
        let profile = Profile {
            subject: Subject {
                common_name: Some("PII".to_owned()),
                organizational_unit: None,
                organization: None,
                locality: None,
                state: None,
                country: None,
            },
            from: "2026-01-01T10:00:00Z".parse().unwrap(),
            days: 1,
        };
        let key = Pkcs8::generate_rsa().unwrap();
        let certificate = issue_root(&profile, &SigningKey::from_pkcs8(&key).unwrap()).unwrap();
        let secret = Secret::Decrypting(DecryptingKey::from_pkcs8(&key).unwrap());
        OwnKey::for_tests(id, certificate, secret)
    }

    fn envelope(key: &OwnKey, text: &str) -> Envelope {
        let session = SessionKey::generate(&key.certificate).unwrap();
        Envelope::parse(&session.seal(text.as_bytes()).unwrap()).unwrap()
    }

    fn unwrapped(most: usize) -> Unwrapped {
        let most = NonZeroUsize::new(most).unwrap();
        Unwrapped::new(most, IntCounter::new("unwrapped", "unwrapped").unwrap())
    }

    fn open(unwrapped: &Unwrapped, envelope: &Envelope, key: &OwnKey) -> Option<Vec<u8>> {
        let slot = unwrapped.of(Digest::of(envelope, key), envelope, key);
        let data_key = slot.get()?.as_ref()?;
        Some(envelope.open_with(data_key, None).ok()?.to_vec())
    }

    #[test]
    fn threads_that_need_one_session_key_share_one_operation() {
        let (key, unwrapped) = (own_key("a"), unwrapped(10));
        let session = SessionKey::generate(&key.certificate).unwrap();
        let texts: Vec<String> = (0..16_u8)
            .map(|text| session.seal(&[text]).unwrap())
            .collect();
        let together = Barrier::new(texts.len());

        std::thread::scope(|scope| {
            for (number, text) in (0_u8..).zip(&texts) {
                let (key, unwrapped, together) = (&key, &unwrapped, &together);
                scope.spawn(move || {
                    let envelope = Envelope::parse(text).unwrap();
                    together.wait();
                    assert_eq!(open(unwrapped, &envelope, key).unwrap(), [number]);
                });
            }
        });

        assert_eq!(unwrapped.count.get(), 1);
    }

    #[test]
    fn the_one_that_was_not_needed_for_longest_leaves() {
        let (key, unwrapped) = (own_key("a"), unwrapped(2));
        let [one, two, three] = ["1", "2", "3"].map(|text| envelope(&key, text));
        for envelope in [&one, &two, &one, &three, &one] {
            assert!(open(&unwrapped, envelope, &key).is_some());
        }
        assert_eq!(unwrapped.count.get(), 3);

        assert!(open(&unwrapped, &two, &key).is_some());

        assert_eq!(unwrapped.count.get(), 4);
        assert!(unwrapped.known(Digest::of(&three, &key)).is_none());
        assert!(unwrapped.known(Digest::of(&one, &key)).is_some());
    }

    #[test]
    fn a_session_key_of_one_key_is_not_that_of_another() {
        let (one, other, unwrapped) = (own_key("a"), own_key("b"), unwrapped(10));
        let envelope = envelope(&one, "text");

        assert_eq!(open(&unwrapped, &envelope, &one).unwrap(), b"text");
        assert_eq!(open(&unwrapped, &envelope, &other), None);
        assert_eq!(open(&unwrapped, &envelope, &one).unwrap(), b"text");
        assert_eq!(unwrapped.count.get(), 2);
    }

    #[test]
    fn a_wrapped_key_that_was_tampered_with_is_tried_once() {
        let (key, unwrapped) = (own_key("a"), unwrapped(10));
        let text = pms_pki::envelope::encrypt(&key.certificate, b"text", None).unwrap();
        let mut bytes = pms_pki::reading::decode_data(&text).unwrap();
        bytes[100] ^= 1;
        let tampered = Envelope::parse(&pms_pki::reading::encode_data(&bytes)).unwrap();

        for _ in 0..3 {
            assert_eq!(open(&unwrapped, &tampered, &key), None);
        }

        assert_eq!(unwrapped.count.get(), 1);
    }
}
