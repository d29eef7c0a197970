//! A real PostgreSQL database for each test.
//!
//! Every test process runs a throw-away cluster, copied from an image that
//! already holds the migrated template, so that a start takes a fraction of a
//! second. The image is made once per content of the migrations and seeds and
//! kept in `/dev/shm`, or in the temporary directory if there is little memory.
//! Servers and copies go with the process, however it ends.

mod cluster;
mod image;
mod reference;
mod times;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};
use pms_database::{Db, DbSettings};
use secrecy::SecretString;
use serde_json::Value;

/// A database that lives as long as this value.
///
/// ```no_run
/// let database = pms_testkit::TestDatabase::new();
/// let mut conn = database.conn();
/// ```
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    since: Instant,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl TestDatabase {
    /// A migrated database without rows.
    #[expect(
        clippy::new_without_default,
        reason = "a default that makes a database surprises"
    )]
    pub fn new() -> Self {
        Self::from_template(image::MIGRATED)
    }

    /// A migrated database with the default rows of `pms_database::seeds`.
    pub fn seeded() -> Self {
        Self::from_template(image::SEEDED)
    }

    /// A database with nothing in it, for tests of the migrations.
    pub fn empty() -> Self {
        Self::from_template("template0")
    }

    /// A database with nothing in it that sorts text as people do, unlike the
    /// others, which sort by code point.
    pub fn empty_with_human_order() -> Self {
        let name = next_name();
        cluster::shared().create(&name, "template0", "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
        Self::named(name)
    }

    fn from_template(template: &str) -> Self {
        let name = next_name();
        cluster::shared().create(&name, template, "");
        Self::named(name)
    }

    fn named(name: String) -> Self {
        let since = Instant::now();
        Self { name, since }
    }

    /// Where it is, for libpq.
    pub fn url(&self) -> String {
        cluster::shared().url(&self.name)
    }

    /// A small pool on it.
    pub fn db(&self) -> Db {
        Db::new(&DbSettings {
            url: SecretString::from(self.url()),
            pool_size: 4,
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(20),
            application: "pms-test".to_owned(),
            store_audits: true,
        })
        .expect("a pool")
    }

    /// A connection to it, with the search path of the services.
    pub fn conn(&self) -> PgConnection {
        use diesel::connection::SimpleConnection as _;
        let mut conn = PgConnection::establish(&self.url()).expect("a connection");
        conn.batch_execute("SET TIME ZONE 'UTC'; SET search_path = pms, pg_catalog, public")
            .expect("session settings");
        conn
    }

    /// Runs statements.
    pub fn sql(&self, statements: &str) {
        use diesel::connection::SimpleConnection as _;
        self.conn().batch_execute(statements).expect(statements);
    }

    /// Whether a session waits for a lock of this database. Those of other tests don't
    /// count: their tables have the same ids in the same server.
    pub fn waits_for_lock(&self) -> bool {
        let waiting = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        self.text(waiting).is_some_and(|number| number != "0")
    }

    /// One value as text.
    pub fn text(&self, query: &str) -> Option<String> {
        #[derive(QueryableByName)]
        struct Found {
            #[diesel(sql_type = Nullable<Text>)]
            found: Option<String>,
        }
        let one: Found = sql_query(format!("SELECT ({query})::text AS found"))
            .get_result(&mut self.conn())
            .expect(query);
        one.found
    }

    /// The rows of a query as an array of JSON objects.
    pub fn rows(&self, query: &str) -> Value {
        let all = format!("SELECT coalesce(json_agg(q), '[]') FROM ({query}) q");
        serde_json::from_str(&self.text(&all).expect("an array")).expect("JSON")
    }

    /// Topic and payload of the queued rows of a queue, oldest first; with the
    /// events come the trust chains, which are events too.
    pub fn queued(&self, wanted: &str) -> Vec<(String, Value)> {
        use pms_database::schema::outbox::dsl::{lane, outbox, payload, seq, topic};
        let queues = match wanted {
            "event" => vec!["event", "trust-chain"],
            other => vec![other],
        };
        outbox
            .filter(lane.eq_any(queues))
            .order(seq)
            .select((topic, payload))
            .load(&mut self.conn())
            .expect("the outbox")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        cluster::shared().drop_database(&self.name);
        times::record(self.since.elapsed());
    }
}

fn next_name() -> String {
    format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}
