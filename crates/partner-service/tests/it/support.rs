//! A partner service with a key manager, and rows to start from.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
pub use pms_testkit::bodies::{echoed, neutral, plain, refused, violation};
use pms_testkit::peers::KeyManagerPeer;
use pms_testkit::{Reply, TestApp, TestAppBuilder, Who, tokens};
use serde_json::{Value, json};

pub const BASE: &str = "/v1/partnermanager";

/// The service and its key manager, on a database with the default rows.
pub struct Stage {
    pub app: TestApp,
    pub keys: KeyManagerPeer,
}

/// A partner row; the default is an active partner of the group `g-1`.
pub struct Row<'a> {
    pub id: &'a str,
    pub user: &'a str,
    pub kind: &'a str,
    pub group: Option<&'a str>,
    pub status: &'a str,
    pub active: bool,
    pub alias: Option<&'a str>,
    pub email: &'a str,
    pub email_hash: Option<&'a str>,
    pub phone: &'a str,
    pub address: &'a str,
}

impl Default for Row<'_> {
    fn default() -> Self {
        Self {
            id: "acme",
            user: "acme",
            kind: "Auth_Partner",
            group: Some("g-1"),
            status: "approved",
            active: true,
            alias: Some("cert-1"),
            email: "info@acme.org",
            email_hash: None,
            phone: "700-1",
            address: "1 Main Street",
        }
    }
}

impl Stage {
    pub async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    pub async fn with(configure: impl FnOnce(TestAppBuilder) -> TestAppBuilder) -> Self {
        let keys = KeyManagerPeer::start();
        keys.certify("cert-1", "PEM 1");
        let builder = TestApp::builder()
            .seeded()
            .setting("key_manager.url", &keys.url());
        let app = configure(builder).start(pms_partner_service::module).await;
        let stage = Self { app, keys };
        stage.group("g-1", "Group One", true);
        stage
    }

    pub fn sql(&self, statements: &str) {
        self.app.database.sql(statements);
    }

    /// One text value.
    pub fn text(&self, query: &str) -> Option<String> {
        self.app.database.text(query)
    }

    /// All rows of a query as JSON.
    pub fn rows(&self, query: &str) -> Value {
        self.app.database.rows(query)
    }

    pub fn group(&self, id: &str, name: &str, active: bool) {
        self.sql(&format!(
            "INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', '{name}', 'd', 'u', {active}, 'u', now())"
        ));
    }

    /// A policy that is valid from 2026-01-01 to 2030-01-01.
    pub fn policy(&self, id: &str, group: Option<&str>, name: &str, active: bool) {
        let group = quoted(group);
        self.sql(&format!(
            "INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id,
               policy_type, version, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', {group}, '{name}', 'About {name}', '{{\"b\":1,\"a\":[2]}}',
               'Auth', '1.0', '2026-01-01', '2030-01-01', {active}, 'u', now())"
        ));
    }

    pub fn partner(&self, row: &Row<'_>) {
        let Row {
            id,
            user,
            kind,
            status,
            active,
            email,
            phone,
            address,
            ..
        } = row;
        let (group, alias, hash) = (quoted(row.group), quoted(row.alias), quoted(row.email_hash));
        self.sql(&format!(
            "INSERT INTO partner (id, policy_group_id, name, address, contact_no, email_id,
               email_id_hash, certificate_alias, user_id, partner_type_code, approval_status,
               is_active, cr_by, cr_dtimes)
             VALUES ('{id}', {group}, 'Org {id}', '{address}', '{phone}', '{email}', {hash},
               {alias}, '{user}', '{kind}', '{status}', {active}, 'u', now())"
        ));
    }

    pub fn mapping(&self, key: &str, partner: &str, policy: &str, status: &str) {
        self.sql(&format!(
            "INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes,
               request_detail, status_code, cr_by, cr_dtimes)
             VALUES ('{key}', '{partner}', '{policy}', now(), 'why', '{status}', 'u', now())"
        ));
    }

    pub async fn get(&self, who: &Who, path: &str) -> Reply {
        self.app.get(who, &format!("{BASE}{path}")).await
    }

    /// Sends a V1 envelope around `request`.
    pub async fn send(&self, who: &Who, method: &str, path: &str, request: Value) -> Reply {
        let body = self.app.v1(&request).to_string();
        self.app
            .send(who, method, &format!("{BASE}{path}"), Some(body))
            .await
    }

    /// Audit records as `(eventId, id, idType)`.
    pub fn audits(&self) -> Vec<(String, String, String)> {
        let text = |record: &Value, name: &str| record[name].as_str().unwrap().to_owned();
        let records = self.app.audits();
        records
            .iter()
            .map(|(topic, record)| (topic.clone(), text(record, "id"), text(record, "idType")))
            .collect()
    }

    pub fn assert_audits(&self, expected: &[(&str, &str, &str)]) {
        let found = self.audits();
        let found: Vec<(&str, &str, &str)> = found
            .iter()
            .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    /// Sends a request while somebody else holds an uncommitted `change`, which
    /// is committed as soon as the service waits for it.
    pub async fn send_during(&self, change: &str, request: impl Future<Output = Reply>) -> Reply {
        let mut other = self.app.database.conn();
        other.batch_execute(&format!("BEGIN; {change}")).unwrap();
        let commit = async {
            let waiting = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let deadline = Instant::now() + Duration::from_secs(8);
            while self.text(waiting).as_deref() == Some("0") {
                assert!(Instant::now() < deadline, "nobody waits for the change");
                actix_web::rt::task::yield_now().await;
            }
            other.batch_execute("COMMIT").unwrap();
        };
        futures_util::future::join(request, commit).await.0
    }

    /// Forgets what was queued so far.
    pub fn forget(&self) {
        self.sql("DELETE FROM outbox");
    }

    /// A user whose token has this e-mail address.
    pub fn user_with_mail(&self, name: &str, mail: &str) -> Who {
        let expires = self.app.clock.now().timestamp() + 3600;
        let mut claims = tokens::claims(name, &[], expires);
        claims["email"] = json!(mail);
        Who::Token(tokens::sign(&claims))
    }
}

fn quoted(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{value}'"))
}

pub fn auth_partner(name: &str) -> Who {
    Who::user(name, &["AUTH_PARTNER"])
}
