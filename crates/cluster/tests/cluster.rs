//! Real clusters: made, started, stopped, killed, found again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "test code"
)]

use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pms_cluster::{Cluster, ClusterError, ClusterOptions, Durability};

/// A directory that the user `postgres` can reach.
fn room() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = std::fs::Permissions::from_mode(0o755);
    tempfile::Builder::new()
        .permissions(permissions)
        .prefix("pms-cluster-")
        .tempdir()
        .unwrap()
}

fn quick(home: &Path) -> ClusterOptions {
    ClusterOptions {
        durability: Durability::Fast,
        ..ClusterOptions::durable(home)
    }
}

fn sql(cluster: &Cluster, statement: &str) -> String {
    let output = Command::new("psql")
        .args([
            "--no-psqlrc",
            "--tuples-only",
            "--no-align",
            "--command",
            statement,
        ])
        .arg(cluster.url("postgres"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn socket(cluster: &Cluster) -> PathBuf {
    cluster.socket_dir().join(".s.PGSQL.5432")
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn data_outlives_a_stop() {
    let room = room();
    let home = room.path().join("pg");
    let cluster = Cluster::start(ClusterOptions::durable(&home)).unwrap();
    sql(&cluster, "CREATE TABLE kept AS SELECT 42 AS answer");
    cluster.stop().unwrap();

    let again = Cluster::start(ClusterOptions::durable(&home)).unwrap();

    assert_eq!(sql(&again, "SELECT answer FROM kept"), "42");
    assert_eq!(sql(&again, "SHOW fsync"), "on");
}

#[test]
fn it_listens_on_no_tcp_port_and_knows_upper_case_beyond_ascii() {
    let room = room();
    let cluster = Cluster::start(quick(&room.path().join("pg"))).unwrap();

    assert_eq!(sql(&cluster, "SHOW listen_addresses"), "");
    assert_eq!(
        sql(&cluster, "SELECT lower('É') || (SELECT 'B' < 'a')"),
        "étrue"
    );
    assert_eq!(sql(&cluster, "SHOW server_encoding"), "UTF8");
}

#[test]
fn dropping_it_stops_the_server() {
    let room = room();
    let cluster = Cluster::start(quick(&room.path().join("pg"))).unwrap();
    let socket = socket(&cluster);
    assert!(UnixStream::connect(&socket).is_ok());

    drop(cluster);

    assert!(UnixStream::connect(&socket).is_err());
}

#[test]
fn two_processes_cannot_run_one_cluster() {
    let room = room();
    let home = room.path().join("pg");
    let _first = Cluster::start(quick(&home)).unwrap();

    let second = Cluster::start(quick(&home));

    assert!(matches!(second, Err(ClusterError::InUse(_))), "{second:?}");
}

#[test]
fn a_pid_file_with_the_number_of_another_process_is_no_obstacle() {
    let room = room();
    let home = room.path().join("pg");
    Cluster::start(quick(&home)).unwrap().stop().unwrap();
    let pid_file = home.join("data/postmaster.pid");
    std::fs::write(&pid_file, format!("{}\n/elsewhere\n", std::process::id())).unwrap();

    let cluster = Cluster::start(quick(&home)).unwrap();

    assert_eq!(sql(&cluster, "SELECT 1"), "1");
}

#[test]
fn a_setting_that_postgresql_refuses_is_reported_with_its_words() {
    let room = room();
    let mut options = quick(&room.path().join("pg"));
    options
        .settings
        .push(("shared_buffers".to_owned(), "much".to_owned()));

    let error = Cluster::start(options).unwrap_err().to_string();

    assert!(error.contains("shared_buffers"), "{error}");
}

#[test]
fn without_the_programs_the_error_says_what_to_install() {
    let room = room();
    let mut options = quick(&room.path().join("pg"));
    options.binaries = Some(room.path().to_owned());

    let error = Cluster::start(options).unwrap_err().to_string();

    assert!(error.contains("apt-get install postgresql"), "{error}");
}

#[test]
fn the_server_ends_when_its_process_is_killed() {
    let room = room();
    let home = room.path().join("pg");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "child_that_waits_to_be_killed",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("PMS_TEST_HOME", &home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().ends_with("up")));
    assert!(home.join("data/postmaster.pid").exists());

    child.kill().unwrap();
    child.wait().unwrap();

    wait_until("the server's end", || {
        !home.join("data/postmaster.pid").exists()
    });
    let cluster = Cluster::start(quick(&home)).unwrap();
    assert_eq!(sql(&cluster, "SELECT 1"), "1");
}

#[test]
#[ignore = "the other half of `the_server_ends_when_its_process_is_killed`"]
fn child_that_waits_to_be_killed() {
    let home = std::env::var_os("PMS_TEST_HOME").unwrap();
    let _cluster = Cluster::start(quick(Path::new(&home))).unwrap();
    println!("up");
    let _ = std::io::stdin().lines().next();
}

#[test]
fn a_throw_away_cluster_leaves_nothing_behind() {
    let room = room();
    let home = room.path().join("pg");
    let cluster = Cluster::start(ClusterOptions::throw_away(&home)).unwrap();

    cluster.stop().unwrap();

    assert!(!home.exists());
}

#[test]
fn a_server_that_was_killed_is_reported_and_not_waited_for() {
    let room = room();
    let mut cluster = Cluster::start(quick(&room.path().join("cluster"))).unwrap();
    assert_eq!(cluster.ended(), None);
    let killed = Command::new("kill")
        .args(["-KILL", &cluster.pid().to_string()])
        .status();
    assert!(killed.unwrap().success());

    let mut why = None;
    wait_until("its end is noticed", || {
        why = cluster.ended();
        why.is_some()
    });
    let why = why.unwrap();

    // Waiting for it would end with an error: it left its files behind.
    cluster.stop().unwrap();

    assert!(why.contains("signal: 9"), "{why}");
}

#[test]
fn a_server_that_was_killed_and_not_looked_at_is_not_waited_for_either() {
    let room = room();
    let cluster = Cluster::start(quick(&room.path().join("cluster"))).unwrap();
    let pid = cluster.pid().to_string();
    let killed = Command::new("kill").args(["-KILL", &pid]).status();
    assert!(killed.unwrap().success());
    // It is a zombie until its parent looks.
    let state = || std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    wait_until("it is a zombie", || state().contains(" Z "));

    // Waiting for it would end with an error.
    cluster.stop().unwrap();
}
