//! The API as its users call it.

use std::time::Duration;

use pms_database::Clock;
use pms_testkit::{Reply, Who, tokens};
use serde_json::{Value, json};

use crate::ca::Authority;

pub const PARTNERS: &str = "/v1/partnermanager/partners";
/// A policy of the default rows.
const POLICY: &str = "mpolicy-default-auth";

/// A client of one deployment.
#[derive(Clone)]
pub struct Api {
    base: String,
    client: reqwest::Client,
}

impl Api {
    pub fn new(base: String) -> Self {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            // A process that was killed leaves no connection to be used again.
            .pool_max_idle_per_host(0);
        Self {
            base,
            client: client.build().unwrap(),
        }
    }

    pub async fn wait_until_up(&self) {
        let page = self.client.get(format!("{}/", self.base)).send().await;
        assert!(page.unwrap().status().is_success());
    }

    /// Sends a request; an error means that there is no whole answer.
    pub async fn send(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Reply, reqwest::Error> {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("cookie", format!("Authorization={}", token(who)));
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        Ok(Reply {
            status: response.status().as_u16(),
            headers: Vec::new(),
            text: response.text().await?,
        })
    }

    pub async fn get(&self, who: &Who, path: &str) -> Reply {
        self.send(who, "GET", path, None).await.unwrap()
    }

    /// A request in its envelope.
    pub async fn ask(
        &self,
        who: &Who,
        method: &str,
        path: &str,
        request: Value,
    ) -> Result<Reply, reqwest::Error> {
        let now = Clock::system().now();
        let now = now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let body = json!({
            "id": "string", "version": "LTS", "requesttime": now, "metadata": {},
            "request": request,
        });
        self.send(who, method, path, Some(&body)).await
    }

    pub async fn register(&self, id: &str) -> Result<Reply, reqwest::Error> {
        let request = json!({
            "partnerId": id,
            "organizationName": organisation(id),
            "address": "1 Main Street",
            "contactNumber": "9232121212",
            "emailId": mail(id),
            "partnerType": "Auth_Partner",
            "policyGroup": "mpolicygroup-default-auth",
            "langCode": "eng",
        });
        self.ask(&partner(id), "POST", PARTNERS, request).await
    }

    pub async fn trust(&self, authority: &Authority) -> Result<Reply, reqwest::Error> {
        let request = json!({ "certificateData": authority.pem(), "partnerDomain": "AUTH" });
        let path = format!("{PARTNERS}/certificate/ca/upload");
        self.ask(&Who::admin(), "POST", &path, request).await
    }

    pub async fn certify(&self, id: &str, authority: &Authority) -> Result<Reply, reqwest::Error> {
        let request = json!({
            "partnerId": id,
            "certificateData": authority.certify(&organisation(id)),
            "partnerDomain": "AUTH",
        });
        let path = format!("{PARTNERS}/certificate/upload");
        self.ask(&partner(id), "POST", &path, request).await
    }

    pub async fn deactivate(&self, id: &str) -> Result<Reply, reqwest::Error> {
        let path = format!("{PARTNERS}/{id}");
        let request = json!({ "status": "De-active" });
        self.ask(&Who::admin(), "PATCH", &path, request).await
    }

    /// Switches the API key of [`Api::onboard`] on or off: an event, a mail and
    /// audit records each time.
    pub async fn switch_key(&self, id: &str, on: bool) -> Result<Reply, reqwest::Error> {
        let path = format!("{PARTNERS}/{id}/policy/{POLICY}/apiKey/status");
        let status = if on { "Active" } else { "De-active" };
        let request = json!({ "label": "one", "status": status });
        self.ask(&partner(id), "PATCH", &path, request).await
    }

    /// A partner with a certificate and an API key.
    pub async fn onboard(&self, id: &str, authority: &Authority) {
        self.register(id).await.unwrap().response();
        self.certify(id, authority).await.unwrap().response();
        let wanted = json!({ "policyName": POLICY, "useCaseDescription": "Test" });
        let path = format!("{PARTNERS}/{id}/policy/map");
        let mapped = self.ask(&partner(id), "POST", &path, wanted).await.unwrap();
        let key = mapped.response()["mappingkey"].as_str().unwrap().to_owned();
        let path = format!("{PARTNERS}/policy/{key}");
        let approved = json!({ "status": "Approved" });
        let approval = self.ask(&Who::admin(), "PUT", &path, approved).await;
        approval.unwrap().response();
        let path = format!("{PARTNERS}/{id}/generate/apikey");
        let wanted = json!({ "policyName": POLICY, "label": "one" });
        let generated = self.ask(&partner(id), "PATCH", &path, wanted).await;
        generated.unwrap().response();
    }
}

/// The user of a partner.
pub fn partner(id: &str) -> Who {
    Who::user(id, &["AUTH_PARTNER"])
}

pub fn organisation(id: &str) -> String {
    format!("{id} Ltd")
}

/// Not the address in the user's token.
pub fn mail(id: &str) -> String {
    format!("{id}@mail.example.org")
}

fn token(who: &Who) -> String {
    let expires = Clock::system().now().timestamp() + 3600;
    match who {
        Who::User(name, roles) => {
            let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
            tokens::sign(&tokens::claims(name, &roles, expires))
        }
        Who::Token(token) => token.clone(),
        Who::Nobody => String::new(),
    }
}
