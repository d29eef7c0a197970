//! The account that runs the server: PostgreSQL refuses root.

use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use crate::ClusterError;
use crate::error::io;

/// The operating system user that runs PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u32,
    gid: u32,
    /// Whether it is another one than ours.
    foreign: bool,
}

impl Account {
    /// Ourselves, or the user `postgres` when we are root.
    pub(crate) fn choose() -> Result<Self, ClusterError> {
        let own = own_ids()?;
        if own.uid != 0 {
            return Ok(own);
        }
        let users = std::fs::read_to_string("/etc/passwd").map_err(io("reading /etc/passwd"))?;
        postgres_in(&users).ok_or(ClusterError::NoAccount)
    }

    /// A command that runs as this account, in a process group of its own so
    /// that Ctrl-C on the terminal reaches us and not the server behind us.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.process_group(0).current_dir("/");
        // They would change the server's port or directory.
        command
            .env_remove("PGPORT")
            .env_remove("PGDATA")
            .env_remove("PGHOST");
        if self.foreign {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives a file or directory to this account.
    pub(crate) fn own(self, path: &Path) -> Result<(), ClusterError> {
        if self.foreign {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
                .map_err(io(format!("giving {} to its user", path.display())))?;
        }
        Ok(())
    }
}

fn own_ids() -> Result<Account, ClusterError> {
    let own = std::fs::metadata("/proc/self").map(|meta| (meta.uid(), meta.gid()));
    let (uid, gid) = match own {
        Ok(ids) => ids,
        Err(_) => (id("-u")?, id("-g")?),
    };
    Ok(Account {
        uid,
        gid,
        foreign: false,
    })
}

fn id(flag: &str) -> Result<u32, ClusterError> {
    let output = Command::new("id")
        .arg(flag)
        .output()
        .map_err(io("running id"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|error| ClusterError::Start(format!("`id {flag}` answered {text:?}: {error}")))
}

fn postgres_in(users: &str) -> Option<Account> {
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2);
    let uid = fields.next()?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account {
        uid,
        gid,
        foreign: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_postgres_is_read_from_the_user_list() {
        let users =
            "root:x:0:0::/root:/bin/sh\npostgres:x:101:104:PG:/var/lib/postgresql:/bin/sh\n";

        let account = postgres_in(users).unwrap();

        assert_eq!(
            (account.uid, account.gid, account.foreign),
            (101, 104, true)
        );
    }

    #[test]
    fn a_machine_may_have_no_user_postgres() {
        assert_eq!(postgres_in("root:x:0:0::/root:/bin/sh\n"), None);
    }
}
