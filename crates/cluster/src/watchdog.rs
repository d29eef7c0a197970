//! Ends the server when our process ends without saying so.

use std::io::Write as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};

use crate::ClusterError;
use crate::account::Account;
use crate::error::io;
use crate::files::Files;

/// Reads its standard input, which ends when the last holder of the other end
/// does. `$1` server, `$2` its pid file, `$3` the signal, the rest is removed.
const SCRIPT: &str = r#"
read -r word
[ "$word" = dismissed ] && exit 0
kill -"$3" "$1" 2>/dev/null
pid_file=$2
shift 3
[ $# -eq 0 ] && exit 0
turns=0
while [ -e "$pid_file" ] && [ "$turns" -lt 100 ]; do
    sleep 0.1
    turns=$((turns + 1))
done
rm -rf "$@"
"#;

/// The helper process.
#[derive(Debug)]
pub(crate) struct Watchdog {
    child: Child,
    line: Option<ChildStdin>,
}

impl Watchdog {
    /// Starts the helper for the server with this process id. With `remove` the
    /// cluster's directories go with the server.
    pub(crate) fn start(
        account: &Account,
        files: &Files,
        server: u32,
        remove: bool,
    ) -> Result<Self, ClusterError> {
        // What is thrown away needs no orderly end.
        let signal = if remove { "QUIT" } else { "INT" };
        let mut command = account.command(Path::new("/bin/sh"));
        command
            .args(["-c", SCRIPT, "pms-watchdog", &server.to_string()])
            .arg(files.pid_file())
            .arg(signal);
        if remove {
            command.arg(&files.home).arg(&files.socket_dir);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(io("starting the watchdog"))?;
        let line = child.stdin.take();
        Ok(Self { child, line })
    }

    /// Tells the helper that the server has ended.
    pub(crate) fn dismiss(&mut self) {
        if let Some(mut line) = self.line.take() {
            // A helper that is gone already has nothing left to do.
            let _ = line.write_all(b"dismissed\n");
            drop(line);
            let _ = self.child.wait();
        }
    }
}
