//! A file that holds a key encryption key.

use std::fs::{self, File, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_pki::Kek;
use zeroize::Zeroizing;

/// Longest text of a key: hex, with some white space around.
const MAX_TEXT: u64 = 256;

/// Where the file is, and who may read it.
#[derive(Clone)]
pub(super) struct KeyFile {
    pub(super) path: PathBuf,
    /// Its group may read it too.
    pub(super) group_readable: bool,
}

impl KeyFile {
    /// What stands in it. If it does not exist it is made if `create`.
    ///
    /// # Errors
    /// Why not, without a trace of the content.
    pub(super) fn text(&self, create: bool) -> Result<Zeroizing<String>, String> {
        match self.read() {
            Err(error) if error.kind() == ErrorKind::NotFound && create => {
                make(&self.path).map_err(|error| format!("can't be made: {error}"))?;
                // Another replica may have made it first; what is there counts.
                self.read().map_err(|error| error.to_string())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Err(
                "does not exist, and the database holds private keys that were encrypted with it"
                    .to_owned(),
            ),
            other => other.map_err(|error| error.to_string()),
        }
    }

    fn read(&self) -> Result<Zeroizing<String>, std::io::Error> {
        let file = File::open(&self.path)?;
        // Of the open file: the name may lead elsewhere a moment later.
        let metadata = file.metadata()?;
        if let Some(complaint) = self.complaint(metadata.permissions().mode()) {
            return Err(std::io::Error::other(complaint));
        }
        if metadata.len() > MAX_TEXT {
            return Err(std::io::Error::other(
                "is too long for a key of 32 bytes in hex or base64",
            ));
        }
        let longest = usize::try_from(MAX_TEXT).unwrap_or(usize::MAX);
        let mut text = Zeroizing::new(String::with_capacity(longest));
        // Without the text that is not UTF-8: it may be most of a key.
        let read = file.take(MAX_TEXT).read_to_string(&mut text);
        read.or(Err(std::io::Error::other("is not a text")))?;
        Ok(text)
    }

    /// What is wrong with the file's permissions.
    fn complaint(&self, mode: u32) -> Option<String> {
        let shown = mode & 0o777;
        if mode & 0o007 != 0 {
            return Some(format!(
                "everybody may use it (mode {shown:04o}); set its mode to 0600"
            ));
        }
        if mode & 0o030 != 0 {
            return Some(format!(
                "its group may change it (mode {shown:04o}); set its mode to 0600"
            ));
        }
        (mode & 0o040 != 0 && !self.group_readable).then(|| {
            format!(
                "its group may read it (mode {shown:04o}); set its mode to 0600, or \
                 key_manager.kek_file_group_readable if it must"
            )
        })
    }
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
            File::open(folder)?.sync_all()?;
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

    fn file(path: &Path, mode: u32) -> KeyFile {
        fs::write(path, "11".repeat(32)).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        KeyFile {
            path: path.to_owned(),
            group_readable: false,
        }
    }

    #[test]
    fn a_missing_file_is_made_for_its_owner_alone_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/kek");
        let file = KeyFile {
            path: path.clone(),
            group_readable: false,
        };

        assert!(file.text(false).unwrap_err().contains("does not exist"));
        let made = file.text(true).unwrap();

        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(file.text(true).unwrap(), made);
    }

    #[test]
    fn a_file_that_others_may_use_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");

        for (mode, complaint) in [
            (0o644, "everybody may use it (mode 0644)"),
            (0o602, "everybody may use it (mode 0602)"),
            (0o640, "its group may read it (mode 0640)"),
            (0o660, "its group may change it (mode 0660)"),
        ] {
            let error = file(&path, mode).text(true).unwrap_err();
            assert!(error.starts_with(complaint), "{error}");
            fs::remove_file(&path).unwrap();
        }
        for mode in [0o600, 0o400] {
            file(&path, mode).text(false).unwrap();
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn a_group_may_read_where_the_settings_say_so_but_never_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        let with_group = |mode| {
            let given = KeyFile {
                group_readable: true,
                ..file(&path, mode)
            };
            let text = given.text(false);
            fs::remove_file(&path).unwrap();
            text
        };

        assert!(with_group(0o440).is_ok() && with_group(0o640).is_ok());
        assert!(with_group(0o660).is_err() && with_group(0o444).is_err());
    }
}
