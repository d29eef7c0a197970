//! A partner service with a key manager, and rows to start from.

use std::ops::Deref;

use diesel::connection::SimpleConnection as _;
pub use pms_testkit::bodies::{echoed, neutral, plain, refused, violation};
use pms_testkit::peers::KeyManagerPeer;
pub use pms_testkit::rows::PartnerRow as Row;
use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, TestApp, TestAppBuilder, TestDatabase, Who, tokens};
use serde_json::{Value, json};

pub const BASE: &str = "/v1/partnermanager";

/// The service and its key manager, on a database with the default rows.
pub struct Stage {
    pub app: TestApp,
    pub keys: KeyManagerPeer,
}

/// Rows are made and read as on the database.
impl Deref for Stage {
    type Target = TestDatabase;

    fn deref(&self) -> &TestDatabase {
        &self.app.database
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

    /// Sends a request while another session holds an uncommitted `change`, which
    /// is committed as soon as the service waits for it.
    pub async fn send_during(&self, change: &str, request: impl Future<Output = Reply>) -> Reply {
        let mut other = self.app.database.conn();
        other.batch_execute(&format!("BEGIN; {change}")).unwrap();
        let commit = async {
            let waits = async || self.app.database.waits_for_lock();
            eventually("the request waits for the change", waits).await;
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

pub fn auth_partner(name: &str) -> Who {
    Who::user(name, &["AUTH_PARTNER"])
}
