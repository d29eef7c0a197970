//! The key encryption key: where it comes from, and what it seals.

use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::{digest, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_pki::{Failure, Kek, Pkcs8};
use pms_web::settings::KeyManagerSettings;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

/// Longest text of a key: hex, with some white space around.
const MAX_TEXT: u64 = 256;

/// Where the key encryption key is.
#[derive(Clone)]
pub(crate) enum Source {
    /// `key_manager.kek`.
    Text(SecretString),
    /// `key_manager.kek_file`.
    File(PathBuf),
}

/// Seals private keys for their rows and opens them again.
pub(crate) struct Sealer {
    kek: Kek,
    id: String,
}

impl Source {
    /// Where the settings say it is.
    ///
    /// # Errors
    /// One line about the settings, when they name none or two.
    pub(crate) fn of(settings: &KeyManagerSettings) -> Result<Self, String> {
        let text = !settings.kek.expose_secret().trim().is_empty();
        let file = !settings.kek_file.is_empty();
        match (text, file) {
            (true, false) => Ok(Self::Text(settings.kek.clone())),
            (false, true) => Ok(Self::File(PathBuf::from(&settings.kek_file))),
            (true, true) => Err(
                "configuration: set key_manager.kek or key_manager.kek_file, not both".to_owned(),
            ),
            (false, false) => Err(
                "configuration: key_manager.kek or key_manager.kek_file must be \
                                   set when key_manager.embedded is true"
                    .to_owned(),
            ),
        }
    }

    /// Reads the key. A file that does not exist is made if `create`.
    ///
    /// Does file I/O: not for async threads.
    ///
    /// # Errors
    /// One line about what is wrong, without a trace of the key.
    pub(crate) fn read(&self, create: bool) -> Result<Sealer, String> {
        match self {
            Self::Text(text) => Sealer::parse(text.expose_secret())
                .map_err(|error| format!("configuration: key_manager.kek: {error}")),
            Self::File(path) => from_file(path, create)
                .map_err(|error| format!("key_manager.kek_file {}: {error}", path.display())),
        }
    }
}

impl Sealer {
    /// Reads 32 bytes in hex or base64.
    fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        let bytes = hex::decode(text).or_else(|_| STANDARD.decode(text));
        let bytes = Zeroizing::new(bytes.or(Err(Failure::KekMalformed))?);
        let canonical = Zeroizing::new(hex::encode(&*bytes));
        let kek = Kek::from_text(&canonical)?;
        Ok(Self {
            kek,
            id: identifier(&bytes),
        })
    }

    /// Tells one key encryption key from another and says nothing about it.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Seals a private key for the row `key_id`.
    pub(crate) fn seal(&self, key_id: &str, key: &Pkcs8) -> Result<Vec<u8>, Failure> {
        self.kek.seal(key_id, key)
    }

    /// Opens the private key of the row `key_id`.
    pub(crate) fn open(&self, key_id: &str, sealed: &[u8]) -> Result<Pkcs8, Failure> {
        self.kek.open(key_id, sealed)
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

fn from_file(path: &Path, create: bool) -> Result<Sealer, String> {
    match read_private(path) {
        Ok(text) => Sealer::parse(&text).map_err(|error| error.to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound && create => {
            make(path).map_err(|error| format!("can't be made: {error}"))?;
            // Another replica may have made it first; what is there counts.
            let text = read_private(path).map_err(|error| error.to_string())?;
            Sealer::parse(&text).map_err(|error| error.to_string())
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(
            "does not exist, and the database holds private keys that were encrypted with it"
                .to_owned(),
        ),
        Err(error) => Err(error.to_string()),
    }
}

/// The text of a file that not everybody may read.
fn read_private(path: &Path) -> Result<Zeroizing<String>, std::io::Error> {
    let metadata = fs::metadata(path)?;
    if metadata.permissions().mode() & 0o007 != 0 {
        return Err(std::io::Error::other(
            "everybody may read or change it; set its mode to 0600",
        ));
    }
    if metadata.len() > MAX_TEXT {
        return Err(std::io::Error::other(
            "is too long for a key of 32 bytes in hex or base64",
        ));
    }
    fs::read_to_string(path).map(Zeroizing::new)
}

/// Makes the file with a fresh key, whole or not at all, unless it exists.
fn make(path: &Path) -> Result<(), std::io::Error> {
    let mut key = Zeroizing::new([0; Kek::LENGTH]);
    rand::fill(key.as_mut()).map_err(std::io::Error::other)?;
    let text = Zeroizing::new(format!("{}\n", STANDARD.encode(key.as_ref())));
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            // Private keys are sealed with it next: its name must outlive a power cut too.
            fs::File::open(folder)?.sync_all()?;
            tracing::info!(path = %path.display(), "made a key encryption key: keep a copy of it");
            Ok(())
        }
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_base64_of_the_same_bytes_are_the_same_key() {
        let (hex, base64) = ("11".repeat(32), STANDARD.encode([0x11; 32]));

        let (first, second) = (
            Sealer::parse(&hex).unwrap(),
            Sealer::parse(&base64).unwrap(),
        );

        assert_eq!(first.id(), second.id());
        assert_ne!(first.id(), Sealer::parse(&"12".repeat(32)).unwrap().id());
        assert!(Sealer::parse("too short").is_err());
    }

    #[test]
    fn a_missing_file_is_made_for_its_owner_alone_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/kek");
        let source = Source::File(path.clone());

        assert!(source.read(false).err().unwrap().contains("does not exist"));
        let made = source.read(true).unwrap();

        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(source.read(false).unwrap().id(), made.id());
    }

    #[test]
    fn a_file_that_everybody_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        fs::write(&path, "11".repeat(32)).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();

        let error = Source::File(path).read(true).err().unwrap();

        assert!(error.contains("0600"), "{error}");
    }
}
