//! The parts of `pms up` below the services: data directory, secrets, database.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use pms_cluster::{Cluster, ClusterOptions};
use pms_database::migrations::Origin;
use pms_database::{ids, migrations, seeds, startup};
use pms_web::Settings;
use secrecy::{ExposeSecret as _, SecretString};

use super::UpOptions;
use crate::commands::{CommandError, say};

/// Name of the database in the private cluster, as MOSIP's.
const DATABASE: &str = "mosip_pms";
/// How often the private cluster's server is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The owner of the private cluster.
const SUPERUSER: &str = "postgres";

/// Where to keep things: asked for, configured, or the usual place. Root's is
/// below `/var/lib`, since PostgreSQL runs as another user then.
pub(super) fn data_dir(options: &UpOptions, settings: &Settings) -> PathBuf {
    if let Some(dir) = &options.data_dir {
        return dir.clone();
    }
    if !settings.dev.data_dir.is_empty() {
        return PathBuf::from(&settings.dev.data_dir);
    }
    if is_root() {
        PathBuf::from("/var/lib/pms-dev")
    } else {
        PathBuf::from(".pms")
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// Makes the data directory. Others may pass through it (PostgreSQL's user
/// must reach its own part) but not look at it.
pub(super) fn make_private_dir(dir: &Path) -> Result<(), CommandError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(dir)
        .map_err(|error| CommandError::about(&dir.display().to_string(), error))
}

/// A secret that is made once and kept in a file of mode 0600.
pub(super) fn kept_secret(path: &Path) -> Result<SecretString, CommandError> {
    let failed = |error: std::io::Error| CommandError::about(&path.display().to_string(), error);
    match fs::read_to_string(path) {
        Ok(text) => return Ok(SecretString::from(text.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let secret = ids::alphanumeric(40).map_err(|error| CommandError(error.to_string()))?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    file.write_all(secret.as_bytes()).map_err(failed)?;
    Ok(SecretString::from(secret))
}

/// The database of `pms up`: migrated, seeded when new, and stopped at the end
/// when it is ours.
pub(super) struct Database {
    cluster: Option<Cluster>,
}

impl Database {
    /// Starts the private cluster unless a URL is configured, and brings the
    /// schema up to date. Sets `database.url`.
    pub(super) async fn open(settings: &mut Settings, dir: &Path) -> Result<Self, CommandError> {
        let url = settings.database.url.expose_secret().to_owned();
        let home = dir.join("postgres");
        let task = tokio::task::spawn_blocking(move || prepare(&url, home));
        let (cluster, url) = task
            .await
            .map_err(|error| CommandError::about("database", error))??;
        settings.database.url = SecretString::from(url);
        Ok(Self { cluster })
    }

    /// Whether the cluster is this process's own.
    pub(super) const fn is_private(&self) -> bool {
        self.cluster.is_some()
    }

    /// A command line that opens the private database; nothing for a
    /// configured one, whose URL may hold a password.
    pub(super) fn shell_command(&self) -> Option<String> {
        let cluster = self.cluster.as_ref()?;
        let dir = cluster.socket_dir().display().to_string();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        let dir = if dir.bytes().all(plain) {
            dir
        } else {
            format!("'{}'", dir.replace('\'', r"'\''"))
        };
        Some(format!("psql -h {dir} -U {SUPERUSER} {DATABASE}"))
    }

    /// Ready when the private cluster's server has ended unasked, with a line
    /// about it. Never ready for a configured database: that one may come back.
    pub(super) async fn lost(&mut self) -> CommandError {
        let Some(cluster) = &mut self.cluster else {
            return std::future::pending().await;
        };
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            if let Some(why) = cluster.ended() {
                let log = cluster.log_file();
                return CommandError(format!(
                    "PostgreSQL has ended, so `pms up` stops; start it again ({why}; its log: {})",
                    log.display()
                ));
            }
        }
    }

    /// Stops the private cluster.
    pub(super) fn close(self) {
        if let Some(cluster) = self.cluster
            && let Err(error) = cluster.stop()
        {
            tracing::error!(%error, "PostgreSQL did not stop");
        }
    }
}

fn prepare(configured: &str, home: PathBuf) -> Result<(Option<Cluster>, String), CommandError> {
    let (cluster, url) = if configured.is_empty() {
        let cluster = Cluster::start(ClusterOptions::durable(home))
            .map_err(|error| CommandError::about("PostgreSQL", error))?;
        create_database(&cluster)?;
        let url = cluster.url(DATABASE);
        (Some(cluster), url)
    } else {
        (None, configured.to_owned())
    };
    let report =
        migrations::migrate(&url).map_err(|error| CommandError::about("migrations", error))?;
    startup::check(&url).map_err(|fault| CommandError::about("database", fault))?;
    // A database of the reference has rows of its own, and gets none from us.
    if report.origin == Origin::Empty {
        let mut conn = connect(&url)?;
        seeds::seed(&mut conn).map_err(|error| CommandError::about("seeds", error))?;
        say("The database is new: schema and default rows are in place.");
    }
    Ok((cluster, url))
}

fn create_database(cluster: &Cluster) -> Result<(), CommandError> {
    if PgConnection::establish(&cluster.url(DATABASE)).is_ok() {
        return Ok(());
    }
    connect(&cluster.url("postgres"))?
        .batch_execute(&format!(
            "CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0"
        ))
        .map_err(|error| CommandError::about("database", error))
}

fn connect(url: &str) -> Result<PgConnection, CommandError> {
    PgConnection::establish(url).map_err(|error| CommandError::about("database", error))
}
