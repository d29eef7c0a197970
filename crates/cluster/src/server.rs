//! The server process.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::io;
use crate::files::Files;
use crate::watchdog::Watchdog;
use crate::{ClusterError, ClusterOptions};

/// How often a state that is not announced is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long a stop may take.
const STOP_WITHIN: &str = "60";

/// A running server and the helper that ends it after us.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    watchdog: Watchdog,
    binaries: Binaries,
    account: Account,
    files: Files,
    running: bool,
    remove: bool,
}

impl Server {
    /// Starts the server and waits until it accepts connections.
    pub(crate) fn start(
        binaries: &Binaries,
        account: &Account,
        files: &Files,
        options: ClusterOptions,
    ) -> Result<Self, ClusterError> {
        let (limit, remove) = (options.start_timeout, options.remove_with_process);
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&files.log)
            .map_err(io(format!("opening {}", files.log.display())))?;
        let errors = log.try_clone().map_err(io("sharing the log"))?;
        let mut command = account.command(&binaries.postgres);
        command
            .arg("-D")
            .arg(&files.data)
            .arg("-k")
            .arg(&files.socket_dir)
            .args(["-p", "5432"]);
        for (name, value) in options.server_settings() {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .map_err(io("starting postgres"))?;
        let watchdog = Watchdog::start(account, files, child.id(), remove)?;
        let mut server = Self {
            child,
            watchdog,
            binaries: binaries.clone(),
            account: *account,
            files: files.clone(),
            running: true,
            remove,
        };
        server.wait_until_ready(limit)?;
        tracing::debug!(pid = server.pid(), home = %files.home.display(), "PostgreSQL is up");
        Ok(server)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn wait_until_ready(&mut self, limit: Duration) -> Result<(), ClusterError> {
        let deadline = Instant::now() + limit;
        loop {
            if is_ready(&self.files.pid_file(), self.child.id()) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait().map_err(io("watching postgres"))? {
                self.running = false;
                let log = self.files.log_tail();
                return Err(ClusterError::Start(format!(
                    "it ended with {status}: {log}"
                )));
            }
            if Instant::now() >= deadline {
                let log = self.files.log_tail();
                return Err(ClusterError::Start(format!(
                    "not ready after {limit:?}: {log}"
                )));
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// How the server ended, if it did without a request to stop. Reported once.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        if !self.running {
            return None;
        }
        let status = self.child.try_wait().ok().flatten()?;
        self.running = false;
        // Its number may soon belong to another process.
        self.watchdog.dismiss();
        Some(status)
    }

    /// Stops the server, cutting open connections, and waits for its end.
    pub(crate) fn stop(&mut self) -> Result<(), ClusterError> {
        if !self.running {
            return Ok(());
        }
        // `pg_ctl` would wait a minute for a server that is gone: no one but us
        // can remove its process from the list.
        if self.ended().is_none() {
            self.running = false;
            stop(&self.binaries, &self.account, &self.files)?;
            self.child.wait().map_err(io("waiting for postgres"))?;
            self.watchdog.dismiss();
        }
        if self.remove {
            std::fs::remove_dir_all(&self.files.home)
                .map_err(io(format!("removing {}", self.files.home.display())))?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            // The watchdog is still there and tries again.
            tracing::warn!(%error, "PostgreSQL was not stopped");
        }
    }
}

/// Ends a server that survived the process which started it. Call it with the
/// claim in hand: then no other process can be using that server.
pub(crate) fn end_left_over(
    binaries: &Binaries,
    account: &Account,
    files: &Files,
) -> Result<(), ClusterError> {
    let Ok(text) = std::fs::read_to_string(files.pid_file()) else {
        return Ok(());
    };
    let pid: Option<u32> = text
        .lines()
        .next()
        .and_then(|line| line.trim().parse().ok());
    if let Some(pid) = pid.filter(|pid| works_in(*pid, &files.data)) {
        tracing::warn!(pid, "stopping a PostgreSQL that was left over");
        return stop(binaries, account, files);
    }
    // The number may belong to any other process by now, which PostgreSQL would
    // take for itself and refuse to start.
    std::fs::remove_file(files.pid_file()).map_err(io("removing a stale postmaster.pid"))
}

/// `pg_ctl` sends SIGINT ("fast") and waits.
fn stop(binaries: &Binaries, account: &Account, files: &Files) -> Result<(), ClusterError> {
    let output = account
        .command(&binaries.pg_ctl)
        .args([
            "stop",
            "--wait",
            "--mode=fast",
            "--timeout",
            STOP_WITHIN,
            "--pgdata",
        ])
        .arg(&files.data)
        .stdin(Stdio::null())
        .output()
        .map_err(io("running pg_ctl"))?;
    if output.status.success() || !files.pid_file().exists() {
        return Ok(());
    }
    Err(ClusterError::Stop(
        String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    ))
}

/// Line 1 of the file is the process, line 8 its state.
fn is_ready(pid_file: &Path, pid: u32) -> bool {
    let Ok(text) = std::fs::read_to_string(pid_file) else {
        return false;
    };
    let mut lines = text.lines().map(str::trim);
    lines.next() == Some(pid.to_string().as_str()) && lines.nth(6) == Some("ready")
}

/// Whether the process runs in the data directory, as a server does.
fn works_in(pid: u32, data: &Path) -> bool {
    let process = Path::new("/proc").join(pid.to_string());
    match std::fs::read_link(process.join("cwd")) {
        Ok(cwd) => cwd == data,
        // Without /proc the command line has to do.
        Err(_) if !Path::new("/proc/self").exists() => {
            command_line(pid).is_some_and(|line| line.contains(&*data.to_string_lossy()))
        }
        Err(_) => false,
    }
}

fn command_line(pid: u32) -> Option<String> {
    let output = std::process::Command::new("ps")
        .args(["-o", "args=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
