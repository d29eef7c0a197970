//! The cluster of this test process.

use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};
use pms_cluster::{Cluster, ClusterOptions};

use super::image;

pub(super) struct Shared {
    cluster: Cluster,
    /// Creates databases, one at a time.
    creator: Mutex<PgConnection>,
    /// Drops databases meanwhile.
    remover: Mutex<PgConnection>,
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
        let mut creator = PgConnection::establish(&cluster.url("postgres")).expect("a connection");
        let chooses = creator
            .batch_execute(
                "DO $$ BEGIN ASSERT current_setting('server_version_num')::int >= 150000; END $$",
            )
            .is_ok();
        let file_copy = if chooses { "STRATEGY FILE_COPY " } else { "" };
        let remover = PgConnection::establish(&cluster.url("postgres")).expect("a connection");
        Shared {
            cluster,
            creator: Mutex::new(creator),
            remover: Mutex::new(remover),
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
        let mut creator = self.creator.lock().unwrap_or_else(PoisonError::into_inner);
        creator
            .batch_execute(statement)
            .expect("a statement of the test kit");
    }

    /// A failing test should tell about itself, not about this.
    pub(super) fn drop_database(&self, name: &str) {
        let mut remover = self.remover.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = remover.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
    }
}
