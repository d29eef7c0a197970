//! The directories and files of a cluster.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::ClusterError;
use crate::account::Account;
use crate::error::io;

/// Bytes that fit into the address of a Unix socket, without the final zero.
const LONGEST_SOCKET_PATH: usize = 107;

/// Where a cluster keeps what.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) home: PathBuf,
    pub(crate) data: PathBuf,
    pub(crate) socket_dir: PathBuf,
    pub(crate) log: PathBuf,
}

impl Files {
    /// Makes the directories that are missing, for the account alone.
    pub(crate) fn prepare(home: &Path, account: &Account) -> Result<Self, ClusterError> {
        make_home(home, account)?;
        let home = home
            .canonicalize()
            .map_err(io(format!("finding {}", home.display())))?;
        let files = Self {
            data: home.join("data"),
            socket_dir: socket_dir(&home)?,
            log: home.join("server.log"),
            home,
        };
        make_private(&files.data, account)?;
        make_private(&files.socket_dir, account)?;
        Ok(files)
    }

    /// Takes the cluster for this process, until the file is closed.
    pub(crate) fn claim(&self) -> Result<File, ClusterError> {
        let path = self.home.join("claim.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(io(format!("opening {}", path.display())))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(ClusterError::InUse(self.home.clone())),
            Err(TryLockError::Error(source)) => {
                Err(io(format!("locking {}", path.display()))(source))
            }
        }
    }

    /// Whether the data directory holds a whole cluster: PostgreSQL writes this
    /// file last but one, and removes everything when `initdb` fails.
    pub(crate) fn is_initialised(&self) -> bool {
        self.data.join("PG_VERSION").is_file() && self.data.join("postgresql.conf").is_file()
    }

    /// The file in which the server says who and how it is.
    pub(crate) fn pid_file(&self) -> PathBuf {
        self.data.join("postmaster.pid")
    }

    /// The last lines of the server's log, for error messages.
    pub(crate) fn log_tail(&self) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().rev().take(8).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

/// `run` in the cluster's directory, or a directory in the system's temporary
/// one, named after the cluster, when the path would be too long.
fn socket_dir(home: &Path) -> Result<PathBuf, ClusterError> {
    let inside = home.join("run");
    if fits(&inside) {
        return Ok(inside);
    }
    let mut hasher = DefaultHasher::new();
    home.hash(&mut hasher);
    let outside = std::env::temp_dir().join(format!("pms-pg-{:016x}", hasher.finish()));
    if fits(&outside) {
        Ok(outside)
    } else {
        Err(ClusterError::SocketPath(outside))
    }
}

fn fits(dir: &Path) -> bool {
    dir.join(".s.PGSQL.5432.lock").as_os_str().as_bytes().len() <= LONGEST_SOCKET_PATH
}

/// A home that exists may belong to any account, as long as the account can pass through
/// it: what has to be private lies in directories of its own.
fn make_home(home: &Path, account: &Account) -> Result<(), ClusterError> {
    if home.is_dir() {
        return Ok(());
    }
    if let Some(parent) = home
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        std::fs::create_dir_all(parent).map_err(io(format!("making {}", parent.display())))?;
    }
    make_private(home, account)
}

/// Makes `dir` for the account alone; one that exists must be so already.
fn make_private(dir: &Path, account: &Account) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => account.own(dir),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            check_private(dir, account)
        }
        Err(error) => Err(io(format!("making {}", dir.display()))(error)),
    }
}

/// Another user's directory would let that user in as the superuser.
fn check_private(dir: &Path, account: &Account) -> Result<(), ClusterError> {
    let found = std::fs::symlink_metadata(dir).map_err(io(format!("reading {}", dir.display())))?;
    let empty = || std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
    if found.is_dir() && found.uid() == account.uid && found.mode() & 0o077 == 0 {
        return Ok(());
    }
    // A directory that was made for us and not used yet can be taken over.
    if found.is_dir() && (found.uid() == account.uid || found.uid() == 0) && empty() {
        account.own(dir)?;
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        return std::fs::set_permissions(dir, private)
            .map_err(io(format!("closing {}", dir.display())));
    }
    Err(ClusterError::NotOurs(dir.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_home_holds_its_socket() {
        assert_eq!(
            socket_dir(Path::new("/var/lib/pms-dev")).unwrap(),
            Path::new("/var/lib/pms-dev/run")
        );
    }

    #[test]
    fn a_long_home_has_its_socket_elsewhere() {
        let home = PathBuf::from(format!("/{}", "long/".repeat(30)));

        let dir = socket_dir(&home).unwrap();

        assert!(fits(&dir) && !dir.starts_with(&home));
    }
}
