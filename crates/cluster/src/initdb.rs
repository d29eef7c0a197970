//! Making the data directory.

use std::process::Stdio;

use crate::ClusterError;
use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::io;
use crate::files::Files;
use crate::options::Durability;

/// The database role that owns everything.
pub(crate) const SUPERUSER: &str = "postgres";

/// Makes the data directory: UTF-8, sorted by code point, upper and lower case
/// as in Unicode where the system can, no way in but the socket.
pub(crate) fn run(
    binaries: &Binaries,
    account: &Account,
    files: &Files,
    durability: Durability,
) -> Result<(), ClusterError> {
    let mut said = String::new();
    for locale in ["--locale=C.UTF-8", "--no-locale"] {
        let mut command = account.command(&binaries.initdb);
        command
            .arg("--pgdata")
            .arg(&files.data)
            .args(["--username", SUPERUSER, "--encoding=UTF8", locale])
            .args(["--auth-local=trust", "--auth-host=reject"]);
        if durability == Durability::Fast {
            command.arg("--no-sync");
        }
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(io("running initdb"))?;
        if output.status.success() {
            return Ok(());
        }
        said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    }
    Err(ClusterError::Init(said))
}
