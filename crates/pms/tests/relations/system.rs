//! A deployment of ours: `pms up` with a database, as an operator configures it.

use std::collections::BTreeMap;
use std::rc::Rc;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pms_testkit::peers::IdentityPeer;
pub use pms_testkit::waiting::eventually;
use pms_testkit::{TestDatabase, tokens};

use crate::api::Api;
use crate::gate::{Gate, Server};
use crate::process::{Process, directory, free_port, pms};

/// No server listens there.
pub const NOBODY: &str = "http://127.0.0.1:9";
pub const SECRET: &str = "a-secret-of-this-test";

/// What is there before and after a process of ours.
pub struct System {
    pub database: Rc<TestDatabase>,
    pub identity: Rc<IdentityPeer>,
    dir: Rc<tempfile::TempDir>,
    port: u16,
    settings: BTreeMap<String, String>,
}

impl System {
    /// With the default rows, and no peers but the identity provider.
    pub fn new() -> Self {
        Self::on(TestDatabase::seeded())
    }

    pub fn on(database: TestDatabase) -> Self {
        let identity = IdentityPeer::start();
        Self::of(Rc::new(database), Rc::new(identity), Rc::new(directory()))
    }

    /// Another deployment on the same database, with the same keys, and no peers
    /// but the identity provider.
    pub fn beside(&self) -> Self {
        let (database, identity) = (Rc::clone(&self.database), Rc::clone(&self.identity));
        Self::of(database, identity, Rc::clone(&self.dir))
    }

    fn of(
        database: Rc<TestDatabase>,
        identity: Rc<IdentityPeer>,
        dir: Rc<tempfile::TempDir>,
    ) -> Self {
        let mut system = Self {
            database,
            identity,
            dir,
            port: free_port(),
            settings: BTreeMap::new(),
        };
        let identity = (
            system.identity.jwks_url(),
            system.identity.token_endpoint(),
            system.database.url(),
        );
        system.set("auth.issuer", tokens::ISSUER);
        system.set("auth.jwks_url", &identity.0);
        system.set("service_account.token_endpoint", &identity.1);
        system.set("service_account.client_secret", SECRET);
        system.set("database.url", &identity.2);
        system.set("server.shutdown_seconds", "5");
        // Retries soon, and a dead process is not waited for long.
        system.set("outbox.retry_first_ms", "50");
        system.set("outbox.retry_longest_ms", "500");
        system.set("outbox.poll_ms", "100");
        system.set("outbox.timeout_ms", "4000");
        system.set("outbox.lease_seconds", "6");
        system
    }

    /// Sets `section.key` for the processes to come.
    pub fn set(&mut self, key: &str, value: &str) {
        let name = format!("PMS__{}", key.replace('.', "__").to_uppercase());
        self.settings.insert(name, value.to_owned());
    }

    /// A process that answers.
    pub async fn start(&self) -> Process {
        let mut command = pms();
        command
            .args(["up", "--port", &self.port.to_string(), "--data-dir"])
            .arg(self.dir.path().join("data"))
            .envs(&self.settings);
        let process = Process::start(command, self.dir.path(), "pms").listening(self.port);
        // It listens before its keys are made, and answers when they are.
        self.api().wait_until_up().await;
        process
    }

    pub fn api(&self) -> Api {
        Api::new(format!("http://127.0.0.1:{}", self.port))
    }

    pub fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// A gate before the database; processes to come go through it.
    pub fn gate_before_database(&mut self) -> Gate {
        let url = self.database.url();
        let (rest, query) = url.split_once('?').unwrap();
        let (_, name) = rest.rsplit_once('/').unwrap();
        let socket = url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == "host")
            .unwrap();
        let file = std::path::Path::new(&*socket.1).join(".s.PGSQL.5432");
        let gate = Gate::before(Server::Unix(file));
        let url = format!("postgresql://postgres@127.0.0.1:{}/{name}", gate.port());
        self.set("database.url", &url);
        gate
    }

    pub fn sql(&self, statements: &str) {
        self.database.conn().batch_execute(statements).unwrap();
    }

    /// One value as text.
    pub fn value(&self, query: &str) -> String {
        self.column(&format!("SELECT ({query})::text AS found"))
            .remove(0)
    }

    /// The column `found` of a query.
    pub fn column(&self, query: &str) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Nullable<Text>)]
            found: Option<String>,
        }
        let rows: Vec<Row> = diesel::sql_query(query)
            .load(&mut self.database.conn())
            .unwrap();
        rows.into_iter()
            .map(|row| row.found.unwrap_or_else(|| "NULL".to_owned()))
            .collect()
    }
}
