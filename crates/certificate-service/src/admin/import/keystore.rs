//! The PKCS#12 file that a key manager without an HSM keeps its master keys in.

use std::collections::HashMap;

use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12ImportPolicy, error::Error};
use pms_database::DbError;
use pms_pki::{Certificate, Pkcs8};
use zeroize::Zeroizing;

/// Master keys by the id of their alias. Prints how many, and nothing else.
#[derive(Default)]
pub struct Keystore {
    entries: HashMap<String, Entry>,
}

/// A private key and its certificate.
pub(super) struct Entry {
    pub(super) key: Pkcs8,
    pub(super) certificate: Option<Certificate>,
}

impl Keystore {
    /// Opens the file's content. Entries without a private key are passed over.
    ///
    /// # Errors
    /// One line, when the password is wrong or the content is damaged.
    pub fn open(content: &[u8], password: &str) -> Result<Self, DbError> {
        let store = KeyStore::from_pkcs12(content, password, Pkcs12ImportPolicy::Relaxed);
        let store = store.map_err(|error| DbError::Internal(complaint(&error).to_owned()))?;
        let mut entries = HashMap::new();
        for (alias, entry) in store.entries() {
            let KeyStoreEntry::PrivateKeyChain(chain) = entry else {
                continue;
            };
            let leaf = chain.certs().first();
            let leaf = leaf.and_then(|leaf| Certificate::from_der(leaf.as_der()).ok());
            let key = Zeroizing::new(chain.key().as_der().to_vec());
            let entry = Entry {
                key: Pkcs8::from_der(key),
                certificate: leaf,
            };
            // Java writes aliases in lower case, other tools as they are given.
            entries.insert(alias.to_lowercase(), entry);
        }
        Ok(Self { entries })
    }

    /// How many private keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn find(&self, id: &str) -> Option<&Entry> {
        self.entries.get(&id.to_lowercase())
    }
}

impl std::fmt::Debug for Keystore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keystore")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// What went wrong, without what the library quotes of the content.
fn complaint(error: &Error) -> &'static str {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => {
            "the keystore does not open: the password is wrong, or the file is damaged"
        }
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
            "the keystore is protected in a way that is not known here"
        }
        _ => "the keystore is not a readable PKCS#12 file",
    }
}
