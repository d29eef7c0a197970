//! Starting, waiting for and ending processes.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use pms_testkit::waiting::block_until;

/// The services' binaries and their packages. The partner service's process is a
/// crate of its own: it can serve the routes of another service.
const SERVICES: [(&str, &str); 3] = [
    ("policy-service", "pms-policy-service"),
    ("partner-service", "pms-partner-process"),
    ("certificate-service", "pms-certificate-service"),
];

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
        let log = self.log.clone();
        let what = std::fmt::from_fn(|f| f.write_str(&std::fs::read_to_string(&log).unwrap()));
        block_until(what, || {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{ended:?}\n{}", self.log());
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        self
    }

    /// Waits until it has printed this.
    pub fn until_printed(&self, text: &str) {
        let what = std::fmt::from_fn(|f| write!(f, "{text:?} in\n{}", self.log()));
        block_until(what, || self.log().contains(text));
    }

    /// Fails when its memory can get into a file, or to another process of its user.
    pub fn assert_guarded(&self) {
        use std::os::unix::fs::MetadataExt as _;
        let of = |file: &str| format!("/proc/{}/{file}", self.id());
        let limits = std::fs::read_to_string(of("limits")).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        let values: Vec<&str> = core.split_whitespace().skip(4).collect();
        assert_eq!(values[..2], ["0", "0"], "{core}");
        // The files of a process that is not dumpable belong to root.
        assert_eq!(std::fs::metadata(of("environ")).unwrap().uid(), 0);
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
        let status = self.status_within(Duration::from_secs(10));
        let status = status.unwrap_or_else(|| panic!("does not stop\n{}", self.log()));
        assert!(status.success(), "{status}\n{}", self.log());
    }

    /// Waits for its end, unasked; how it ended, and what it printed.
    pub fn ended_within(mut self, limit: Duration) -> (ExitStatus, String) {
        match self.status_within(limit) {
            Some(status) => (status, self.log()),
            None => panic!("does not end\n{}", self.log()),
        }
    }

    /// How it ended, if it ends in time.
    fn status_within(&mut self, limit: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + limit;
        loop {
            let status = self.child.try_wait().unwrap();
            if status.is_some() || Instant::now() > deadline {
                return status;
            }
            std::thread::sleep(Duration::from_millis(10));
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
            let _ = self.status_within(Duration::from_secs(5));
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

/// A service's binary, which stands beside ours.
pub fn service(name: &str) -> Command {
    static BUILT: Once = Once::new();
    let path = Path::new(env!("CARGO_BIN_EXE_pms")).with_file_name(name);
    BUILT.call_once(|| build_services(path.parent().unwrap()));
    clean(&path)
}

/// Makes sure that the services' binaries are there and new: cargo builds only what
/// is tested.
///
/// With this test program and our own crate among what is asked for, cargo chooses the
/// same features as for the tests themselves. So nothing is compiled but the services'
/// `main`; a service alone would compile half the workspace again.
fn build_services(directory: &Path) {
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "-q", "--locked", "-p", env!("CARGO_PKG_NAME")]);
    build.args(["--test", env!("CARGO_CRATE_NAME")]);
    for (binary, package) in SERVICES {
        build.args(["-p", package, "--bin", binary]);
    }
    let profile = directory.file_name().and_then(|name| name.to_str());
    build.args([
        "--profile",
        profile.filter(|name| *name != "debug").unwrap_or("dev"),
    ]);
    run(&mut build);
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
