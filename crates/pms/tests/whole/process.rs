//! Starting, waiting for and ending processes.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A process that ends with the test.
pub struct Process {
    child: Child,
    log: PathBuf,
}

#[allow(dead_code, reason = "not every test program needs all of it")]
impl Process {
    /// Starts `command`; what it prints goes to `dir/name.log`.
    pub fn start(mut command: Command, dir: &Path, name: &str) -> Self {
        let log = dir.join(format!("{name}.log"));
        let file = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file);
        Self {
            child: command.spawn().unwrap(),
            log,
        }
    }

    /// Waits until something listens on the port.
    pub fn listening(mut self, port: u16) -> Self {
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "{ended:?}\n{}",
                self.log()
            );
            std::thread::yield_now();
        }
        self
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM; fails when it does not end well within ten seconds.
    pub fn stop(mut self) {
        self.terminate();
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}\n{}", self.log());
                return;
            }
            assert!(Instant::now() < deadline, "does not stop\n{}", self.log());
            std::thread::yield_now();
        }
    }

    /// Waits for its end, unasked; how it ended, and what it printed.
    pub fn ended_within(mut self, limit: Duration) -> (std::process::ExitStatus, String) {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.log());
            }
            assert!(Instant::now() < deadline, "does not end\n{}", self.log());
            std::thread::yield_now();
        }
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.terminate();
            let deadline = Instant::now() + Duration::from_secs(5);
            while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
                std::thread::yield_now();
            }
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// A directory that PostgreSQL's own user may pass through.
pub fn directory() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::Builder::new()
        .prefix("pms-t")
        .tempdir_in("/tmp")
        .unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    dir
}

/// The `pms` binary.
pub fn pms() -> Command {
    clean(Path::new(env!("CARGO_BIN_EXE_pms")))
}

/// A service's binary, which stands beside ours. Cargo builds only what is
/// tested, so this makes sure that it is there and new.
pub fn service(name: &str) -> Command {
    let path = Path::new(env!("CARGO_BIN_EXE_pms")).with_file_name(name);
    let package = match name {
        // It can serve the routes of another service: a crate of its own.
        "partner-service" => "pms-partner-process".to_owned(),
        other => format!("pms-{other}"),
    };
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "-q", "--locked", "-p", &package, "--bin", name]);
    if path
        .parent()
        .is_some_and(|directory| directory.ends_with("release"))
    {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success(), "{name} can't be built");
    clean(&path)
}

/// Without what the caller's environment configures.
fn clean(path: &Path) -> Command {
    let mut command = Command::new(path);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PMS_")) {
        command.env_remove(name);
    }
    // No balancer has to turn elsewhere when a test stops a process.
    command.env("PMS__SERVER__DRAIN_SECONDS", "0");
    command
}

/// Runs to the end; fails with what it printed unless it succeeds.
pub fn run(command: &mut Command) -> String {
    let output: Output = command.output().unwrap();
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{out}\n{err}");
    out.into_owned()
}
