//! The cluster of this test process.

use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use pms_cluster::{Cluster, ClusterOptions};

use super::image;

pub(super) struct Shared {
    cluster: Cluster,
    /// Creates and drops databases, one at a time.
    admin: Mutex<PgConnection>,
    /// What asks for copied files; older servers know no other way.
    file_copy: &'static str,
}

/// The cluster, started by the first test that asks. Statics are never dropped:
/// the cluster's watchdog stops it and removes its files when the process ends.
pub(super) fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let home = image::copy();
        let cluster = Cluster::start(ClusterOptions::throw_away(home)).expect("PostgreSQL");
        let mut admin = PgConnection::establish(&cluster.url("postgres")).expect("a connection");
        let chooses = admin
            .batch_execute(
                "DO $$ BEGIN ASSERT current_setting('server_version_num')::int >= 150000; END $$",
            )
            .is_ok();
        let file_copy = if chooses { "STRATEGY FILE_COPY " } else { "" };
        Shared {
            cluster,
            admin: Mutex::new(admin),
            file_copy,
        }
    })
}

impl Shared {
    pub(super) fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    /// Copies a database file by file, which is quicker than through the log.
    pub(super) fn create(&self, name: &str, template: &str, more: &str) {
        self.execute(&format!(
            "CREATE DATABASE {name} TEMPLATE {template} {}{more}",
            self.file_copy
        ));
    }

    fn execute(&self, statement: &str) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        admin
            .batch_execute(statement)
            .expect("a statement of the test kit");
    }

    pub(super) fn try_execute(&self, statement: &str) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = admin.batch_execute(statement);
    }
}
