//! A running system with stand-ins, and a client for it.

use std::cell::RefCell;
use std::fmt;
use std::time::Duration;

use pms_testkit::waiting::found;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Process, directory, free_port, pms, run};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Site {
    pub base: String,
    pub http: Client,
    process: Process,
    dir: TempDir,
}

impl Site {
    /// Starts `pms up --with-peers` and waits until its subscriber listens.
    pub async fn start() -> Self {
        let site = Self::with(&["--with-peers"]);
        site.eventually("/dev.json", |overview| {
            let topics = overview["subscriber"]["topics"].as_array()?;
            topics
                .iter()
                .all(|topic| topic["confirmed"] == true)
                .then_some(())
        })
        .await;
        site
    }

    /// Starts `pms up` with these options.
    pub fn with(options: &[&str]) -> Self {
        let dir = directory();
        let port = free_port();
        let mut command = pms();
        command
            .args(["up", "--port", &port.to_string()])
            .args(options)
            .arg("--data-dir")
            .arg(dir.path().join("data"));
        let process = Process::start(command, dir.path(), "up").listening(port);
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy()
            .build()
            .unwrap();
        Self {
            base: format!("http://127.0.0.1:{port}"),
            http,
            process,
            dir,
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        let request = self.http.get(format!("{}{path}", self.base));
        request.send().await.unwrap()
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("{}{path}", self.base))
    }

    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    /// Asks until `check` finds something, or fails.
    pub async fn eventually<T>(&self, path: &str, check: impl Fn(&Value) -> Option<T>) -> T {
        let last = RefCell::new(Value::Null);
        let what = fmt::from_fn(|f| write!(f, "{path}: {}\n{}", last.borrow(), self.process.log()));
        let look = async || {
            let answer = self.json(path).await;
            let found = check(&answer);
            last.replace(answer);
            found
        };
        found(what, look).await
    }

    /// Lets a stand-in go wrong, or work again.
    pub async fn turn(&self, peer: &str, fault: &str) {
        let form = [("peer", peer), ("fault", fault)];
        let answer = self.post("/dev/faults").form(&form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
    }

    /// Plays `pms demo`; gives the ends of its lines by their first words.
    pub async fn demo(&self) -> impl Fn(&str) -> String + use<> {
        let mut command = pms();
        command.args(["demo", "--url", &self.base]);
        let reported = tokio::task::spawn_blocking(move || run(&mut command));
        let reported = reported.await.unwrap();
        move |name: &str| {
            let line = reported
                .lines()
                .rev()
                .find_map(|line| line.trim().strip_prefix(name));
            line.unwrap().trim().to_owned()
        }
    }

    /// A token of the services' own account.
    pub async fn service_token(&self) -> String {
        let secret = self.dir.path().join("data/service-account-secret");
        let secret = std::fs::read_to_string(secret).unwrap();
        self.token(&[
            ("grant_type", "client_credentials"),
            ("client_id", "mosip-pms-client"),
            ("client_secret", secret.trim()),
        ])
        .await
    }

    /// A token of a demo user.
    pub async fn user_token(&self, user: &str) -> String {
        self.token(&[
            ("grant_type", "password"),
            ("client_id", "pms-demo"),
            ("username", user),
            ("password", "demo"),
        ])
        .await
    }

    async fn token(&self, form: &[(&str, &str)]) -> String {
        let path = "/auth/realms/mosip/protocol/openid-connect/token";
        let answer = self.post(path).form(form).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// What the process printed so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Asks the process to stop; fails unless it does so well.
    pub fn stop(self) {
        self.process.stop();
    }
}

/// The entries of a list.
pub fn entries(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap()
}
