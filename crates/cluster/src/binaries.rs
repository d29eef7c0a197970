//! Where PostgreSQL's programs are.

use std::path::{Path, PathBuf};

use crate::ClusterError;

/// PostgreSQL's programs that we need.
#[derive(Debug, Clone)]
pub(crate) struct Binaries {
    pub(crate) initdb: PathBuf,
    pub(crate) postgres: PathBuf,
    pub(crate) pg_ctl: PathBuf,
}

impl Binaries {
    /// In `dir` when given, else on PATH, else Debian's newest version.
    pub(crate) fn find(dir: Option<&Path>) -> Result<Self, ClusterError> {
        if let Some(dir) = dir {
            return Self::in_dir(dir).ok_or(ClusterError::NotFound);
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .chain(debian())
            .find_map(|dir| Self::in_dir(&dir))
            .ok_or(ClusterError::NotFound)
    }

    fn in_dir(dir: &Path) -> Option<Self> {
        let program = |name: &str| Some(dir.join(name)).filter(|path| path.is_file());
        Some(Self {
            initdb: program("initdb")?,
            postgres: program("postgres")?,
            pg_ctl: program("pg_ctl")?,
        })
    }
}

/// Debian's directories, newest version first.
fn debian() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, dir)| dir).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_without_the_programs_is_no_postgresql() {
        let found = Binaries::find(Some(Path::new("/")));

        assert!(matches!(found, Err(ClusterError::NotFound)));
    }
}
