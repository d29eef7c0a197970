//! The key encryption keys: where they come from, and what they seal.

mod file;

use std::path::PathBuf;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_pki::{Kek, Pkcs8, PkiError};
use pms_web::settings::KeyManagerSettings;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// Where a key encryption key is.
#[derive(Clone)]
enum Place {
    /// In the settings.
    Text(SecretString),
    /// In a file.
    File(file::KeyFile),
}

/// Where the key encryption keys are: the one that seals, and while it is being
/// replaced a second one that only opens.
#[derive(Clone)]
pub(crate) struct Source {
    primary: Place,
    second: Option<Place>,
}

/// A key encryption key and its name.
struct Named {
    kek: Kek,
    id: String,
}

/// Seals private keys for their rows and opens them again.
pub(crate) struct Sealer {
    primary: Named,
    second: Option<Named>,
}

impl Source {
    /// Where the settings say they are.
    ///
    /// # Errors
    /// One line about the settings, when they name none, or two for one.
    pub(crate) fn of(settings: &KeyManagerSettings) -> Result<Self, String> {
        let group = settings.kek_file_group_readable;
        let primary = place("kek", &settings.kek, &settings.kek_file, group)?;
        let second = place(
            "second_kek",
            &settings.second_kek,
            &settings.second_kek_file,
            group,
        )?;
        let primary = primary.ok_or(
            "configuration: key_manager.kek or key_manager.kek_file must be set when \
             key_manager.embedded is true",
        )?;
        Ok(Self { primary, second })
    }

    /// Reads the keys. The file of the first one, if it does not exist, is made
    /// if `create`; a second key is never made.
    ///
    /// Does file I/O: not for async threads.
    ///
    /// # Errors
    /// One line about what is wrong, without a trace of a key.
    pub(crate) fn read(&self, create: bool) -> Result<Sealer, String> {
        let primary = self.primary.read("kek", create)?;
        let second = match &self.second {
            Some(place) => Some(place.read("second_kek", false)?),
            None => None,
        };
        Ok(Sealer { primary, second })
    }
}

/// Where the settings `name` and `name_file` say that a key is, if anywhere.
fn place(
    name: &str,
    text: &SecretString,
    file: &str,
    group_readable: bool,
) -> Result<Option<Place>, String> {
    let has_text = !text.expose_secret().trim().is_empty();
    match (has_text, !file.is_empty()) {
        (true, true) => Err(format!(
            "configuration: set key_manager.{name} or key_manager.{name}_file, not both"
        )),
        (true, false) => Ok(Some(Place::Text(text.clone()))),
        (false, true) => Ok(Some(Place::File(file::KeyFile {
            path: PathBuf::from(file),
            group_readable,
        }))),
        (false, false) => Ok(None),
    }
}

impl Place {
    fn read(&self, name: &str, create: bool) -> Result<Named, String> {
        match self {
            Self::Text(text) => Named::parse(text.expose_secret())
                .map_err(|error| format!("configuration: key_manager.{name}: {error}")),
            Self::File(file) => {
                let about =
                    |error| format!("key_manager.{name}_file {}: {error}", file.path.display());
                let text = file.text(create).map_err(about)?;
                Named::parse(&text).map_err(|error| about(error.to_string()))
            }
        }
    }
}

impl Named {
    /// Reads 32 bytes in hex or base64.
    fn parse(text: &str) -> Result<Self, PkiError> {
        let text = text.trim();
        let bytes = hex::decode(text).or_else(|_| STANDARD.decode(text));
        let bytes = Zeroizing::new(bytes.or(Err(PkiError::KekMalformed))?);
        let canonical = Zeroizing::new(hex::encode(&*bytes));
        let kek = Kek::from_text(&canonical)?;
        Ok(Self {
            kek,
            id: identifier(&bytes),
        })
    }
}

impl Sealer {
    /// The id of the key encryption key that seals. It reveals nothing of the key.
    pub(crate) fn id(&self) -> &str {
        &self.primary.id
    }

    /// The id of the key that only opens, if there is one.
    pub(crate) fn second_id(&self) -> Option<&str> {
        self.second.as_ref().map(|second| second.id.as_str())
    }

    /// Whether what the key with this id sealed can be opened.
    pub(crate) fn accepts(&self, id: &str) -> bool {
        self.id() == id || self.second_id() == Some(id)
    }

    /// Seals a private key for the row `key_id`.
    pub(crate) fn seal(&self, key_id: &str, key: &Pkcs8) -> Result<Vec<u8>, PkiError> {
        self.primary.kek.seal(key_id, key)
    }

    /// Opens the private key of the row `key_id`, whichever key sealed it.
    pub(crate) fn open(&self, key_id: &str, sealed: &[u8]) -> Result<Pkcs8, PkiError> {
        self.open_named(key_id, sealed).map(|(key, _)| key)
    }

    /// [`Sealer::open`], and the id of the key that sealed it.
    pub(crate) fn open_named(
        &self,
        key_id: &str,
        sealed: &[u8],
    ) -> Result<(Pkcs8, &str), PkiError> {
        let with = |named: &'_ Named| named.kek.open(key_id, sealed);
        match (with(&self.primary), &self.second) {
            (Ok(key), _) => Ok((key, &self.primary.id)),
            (Err(_), Some(second)) => Ok((with(second)?, &second.id)),
            (Err(failure), None) => Err(failure),
        }
    }
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer")
            .field("id", &self.id())
            .field("second_id", &self.second_id())
            .finish_non_exhaustive()
    }
}

/// First half of a hash, which for 32 random bytes can't be turned round.
fn identifier(key: &[u8]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(b"key encryption key\0");
    context.update(key);
    let hash = hex::encode(context.finish().as_ref());
    hash.chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Named {
        Named::parse(text).unwrap()
    }

    #[test]
    fn hex_and_base64_of_the_same_bytes_are_the_same_key() {
        let (hex, base64) = ("11".repeat(32), STANDARD.encode([0x11; 32]));

        assert_eq!(named(&hex).id, named(&base64).id);
        assert_ne!(named(&hex).id, named(&"12".repeat(32)).id);
        assert!(Named::parse("too short").is_err());
    }

    #[test]
    fn either_key_opens_and_the_first_one_seals() {
        let key = Pkcs8::from_der(b"a private key".to_vec());
        let (old, new) = ("11".repeat(32), "12".repeat(32));
        let sealed = named(&old).kek.seal("row", &key).unwrap();
        let both = Sealer {
            primary: named(&new),
            second: Some(named(&old)),
        };

        let (opened, id) = both.open_named("row", &sealed).unwrap();
        assert_eq!(
            (opened.expose(), id),
            (key.expose(), named(&old).id.as_str())
        );
        let again = both.seal("row", &opened).unwrap();
        assert_eq!(both.open_named("row", &again).unwrap().1, both.id());
        assert!(named(&old).kek.open("row", &again).is_err());
        assert!(both.open("other row", &again).is_err());
    }

    #[test]
    fn nothing_about_a_key_is_printed() {
        let sealer = Sealer {
            primary: named(&"11".repeat(32)),
            second: None,
        };

        let text = format!("{sealer:?}");

        assert!(
            text.contains(sealer.id()) && !text.contains("1111"),
            "{text}"
        );
    }
}
