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
}

/// The cluster, started by the first test that asks. Statics are never dropped:
/// the cluster's watchdog stops it and removes its files when the process ends.
pub(super) fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let home = image::copy();
        let cluster = Cluster::start(ClusterOptions::throw_away(home)).expect("PostgreSQL");
        let admin = PgConnection::establish(&cluster.url("postgres")).expect("a connection");
        Shared { cluster, admin: Mutex::new(admin) }
    })
}

impl Shared {
    pub(super) fn url(&self, database: &str) -> String {
        self.cluster.url(database)
    }

    pub(super) fn execute(&self, statement: &str) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        admin.batch_execute(statement).expect("a statement of the test kit");
    }

    pub(super) fn try_execute(&self, statement: &str) {
        let mut admin = self.admin.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = admin.batch_execute(statement);
    }
}
