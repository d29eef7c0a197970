//! Sending audit records to the Audit Manager (contract integrations.md §3.4).

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::outbox::leases::Delivery;
use pms_domain::audit::application_of;
use reqwest::Response;
use serde_json::{Value, json};

use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::dispatcher::{Deliverer, Undelivered, answer};
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// A client of the Audit Manager.
pub struct AuditManager {
    peer: Authorised,
    url: String,
    host: String,
}

impl AuditManager {
    /// A client of the endpoint `url`, such as
    /// `http://auditmanager.kernel/v1/auditmanager/audits`.
    pub fn new(client: reqwest::Client, url: String, token: ServiceToken) -> Self {
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        let host = host.trim().chars().take(128).collect::<String>();
        let host = if host.is_empty() {
            "localhost".to_owned()
        } else {
            host
        };
        Self {
            peer: Authorised::new(client, token, Peer::Audit, TokenHeaders::Cookie),
            url,
            host,
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    /// Sends one record as the outbox holds it.
    ///
    /// # Errors
    /// When the Audit Manager did not take it.
    pub async fn send(&self, record: &Value) -> Result<(), Undelivered> {
        let request = self.request(record);
        let response = self.call(&request).await?;
        let status = response.status();
        let body = answer::text(response).await;
        let taken = status.is_success()
            && serde_json::from_str::<Value>(&body)
                .is_ok_and(|answer| answer.pointer("/response/status") == Some(&Value::Bool(true)));
        if taken {
            return Ok(());
        }
        let body = answer::excerpt(&body, record);
        Err(Undelivered::Retry(format!(
            "the Audit Manager answered {status}: {body}"
        )))
    }

    fn call<'a>(&'a self, request: &'a Value) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer
            .send(move |client| client.post(&self.url).json(request))
    }

    fn request(&self, record: &Value) -> Value {
        let module = record.get("moduleId").and_then(Value::as_str);
        let application = application_of(module.unwrap_or_default());
        json!({
            "id": null,
            "version": null,
            "requesttime": null,
            "metadata": null,
            "request": {
                "eventId": record.get("eventId"),
                "eventName": record.get("eventName"),
                "eventType": record.get("eventType"),
                "actionTimeStamp": record.get("actionTimeStamp"),
                "hostName": self.host,
                "hostIp": "127.0.0.1",
                "applicationId": application.id,
                "applicationName": application.name,
                "sessionUserId": record.get("user"),
                "sessionUserName": record.get("user"),
                "id": record.get("id"),
                "idType": record.get("idType"),
                "createdBy": record.get("user"),
                "moduleName": record.get("moduleName"),
                "moduleId": record.get("moduleId"),
                "description": record.get("description"),
            },
        })
    }
}

impl Deliverer for AuditManager {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        self.send(&row.payload).boxed()
    }
}
