//! The image that test clusters are copied from.

use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use pms_cluster::{Cluster, ClusterOptions, Durability};
use pms_database::{migrations, seeds};

/// Database that holds the schema.
pub(super) const MIGRATED: &str = "pms_migrated";
/// Database that holds the schema and the default rows.
pub(super) const SEEDED: &str = "pms_seeded";

/// What decides whether an image can be used again.
const SOURCES: [&str; 3] = [
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../database/seeds"),
    concat!(env!("CARGO_MANIFEST_DIR"), "/../database/src/migrations"),
];

/// Images that were not made anew for so long belong to old sources.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 3600);

/// A fresh copy of the image: the home of a cluster that is not in use yet.
pub(super) fn copy() -> PathBuf {
    let image = image();
    let home = tempfile::Builder::new()
        .prefix("pms-test-")
        .tempdir_in(room())
        .expect("a directory")
        .keep();
    // The user that runs PostgreSQL has to pass through.
    let same = fs::metadata(&image).expect("the image");
    std::os::unix::fs::chown(&home, Some(same.uid()), Some(same.gid())).expect("the owner");
    let copied = Command::new("cp")
        .args(["-a", "--reflink=auto"])
        .arg(image.join("data"))
        .arg(&home)
        .status()
        .expect("cp");
    assert!(copied.success(), "copying the image failed");
    home
}

/// Where clusters and images live: in memory if there is room for them, since
/// making a database is several times as fast there, else in the system's
/// temporary directory.
fn room() -> PathBuf {
    const ENOUGH_KIB: u64 = 2 * 1024 * 1024;
    let free = Command::new("df")
        .args(["--output=avail", "-k", "/dev/shm"])
        .output();
    let free = free.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let free = free
        .ok()
        .and_then(|text| text.lines().last()?.trim().parse::<u64>().ok());
    match free {
        Some(free) if free >= ENOUGH_KIB => PathBuf::from("/dev/shm"),
        _ => std::env::temp_dir(),
    }
}

/// The image, made now unless it exists.
fn image() -> PathBuf {
    let uid = fs::metadata("/proc/self")
        .map(|own| own.uid())
        .unwrap_or_default();
    let family = format!("pms-testkit-{uid}-");
    let dir = room().join(format!("{family}{:016x}", fingerprint()));
    let lock = open_lock(&dir.with_extension("lock"));
    lock.lock().expect("the image's lock");
    let complete = dir.join("complete");
    if !complete.exists() {
        remove_forgotten(&family);
        let _ = fs::remove_dir_all(&dir);
        make(&dir);
        fs::write(&complete, "").expect("the image's mark");
    }
    dir
}

fn open_lock(path: &Path) -> File {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .expect("a lock file")
}

fn make(dir: &Path) {
    let options = ClusterOptions {
        durability: Durability::Fast,
        ..ClusterOptions::throw_away(dir)
    };
    let options = ClusterOptions {
        remove_with_process: false,
        ..options
    };
    let cluster = Cluster::start(options).expect("PostgreSQL");
    let mut admin = PgConnection::establish(&cluster.url("postgres")).expect("a connection");

    admin
        .batch_execute(&format!("CREATE DATABASE {MIGRATED} TEMPLATE template0"))
        .expect("a database");
    migrations::migrate(&cluster.url(MIGRATED)).expect("the migrations");

    admin
        .batch_execute(&format!("CREATE DATABASE {SEEDED} TEMPLATE {MIGRATED}"))
        .expect("a database");
    let mut seeded = PgConnection::establish(&cluster.url(SEEDED)).expect("a connection");
    seeds::seed(&mut seeded).expect("the seeds");

    drop((admin, seeded));
    cluster.stop().expect("an orderly end");
}

fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        hash_files(Path::new(source), &mut hasher);
    }
    // What is embedded makes the image, and may be older than the sources.
    migrations::names().hash(&mut hasher);
    hasher.finish()
}

fn hash_files(path: &Path, hasher: &mut DefaultHasher) {
    if path.is_file() {
        path.file_name().hash(hasher);
        fs::read(path).expect("a source of the image").hash(hasher);
        return;
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)
        .expect("a source of the image")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for entry in entries {
        entry.file_name().hash(hasher);
        hash_files(&entry, hasher);
    }
}

fn remove_forgotten(family: &str) {
    for entry in fs::read_dir(room()).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(family);
        let made = fs::metadata(entry.path().join("complete")).and_then(|mark| mark.modified());
        let old = made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > FORGOTTEN_AFTER));
        if ours && old {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
