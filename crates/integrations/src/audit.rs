//! Sending audit records to the Audit Manager (contract integrations.md §3.4).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::outbox::leases::Delivery;
use pms_domain::audit::{application_of, clip, longest};
use reqwest::Response;
use serde_json::{Value, json};

use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::dispatcher::{Deliverer, Undelivered, answer};
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// The code of a record that is not as it must be: no repetition makes it so.
const REFUSED: &str = "KER-AUD-001";

/// A client of the Audit Manager.
pub struct AuditManager {
    peer: Authorised,
    url: String,
    host: String,
    address: String,
}

impl AuditManager {
    /// A client of the endpoint `url`, such as
    /// `http://auditmanager.kernel/v1/auditmanager/audits`.
    pub fn new(client: reqwest::Client, url: String, token: ServiceToken) -> Self {
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        let host = match clip(host.trim(), longest::HOST_NAME) {
            "" => "localhost".to_owned(),
            host => host.to_owned(),
        };
        Self {
            peer: Authorised::new(client, token, Peer::Audit, TokenHeaders::Cookie),
            url,
            host,
            address: own_address().to_string(),
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
        if is_refusal(&body) {
            let why = format!("the Audit Manager refuses the record: {REFUSED}");
            return Err(Undelivered::Never(why));
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
        // Earlier releases stored longer ones.
        let clipped = |name: &str, longest| {
            let text = record.get(name).and_then(Value::as_str);
            text.map(|text| clip(text, longest))
        };
        let (user, id) = (clipped("user", longest::USER), clipped("id", longest::ID));
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
                "hostIp": self.address,
                "applicationId": application.id,
                "applicationName": application.name,
                "sessionUserId": user,
                "sessionUserName": user,
                "id": id,
                "idType": clipped("idType", longest::ID),
                "createdBy": user,
                "moduleName": record.get("moduleName"),
                "moduleId": record.get("moduleId"),
                "description": clipped("description", longest::DESCRIPTION),
            },
        })
    }
}

/// The address of this host that others see: the one that it would send from. Nothing is sent
/// for that; the addresses are reserved for documents. A host without a network has its
/// loopback address alone.
fn own_address() -> IpAddr {
    let way_out = |from: IpAddr, to: IpAddr| {
        let socket = UdpSocket::bind((from, 0)).ok()?;
        socket.connect((to, 9)).ok()?;
        let own = socket.local_addr().ok()?.ip();
        (!own.is_unspecified()).then_some(own)
    };
    let older = || {
        let document = Ipv4Addr::new(192, 0, 2, 1);
        way_out(Ipv4Addr::UNSPECIFIED.into(), document.into())
    };
    let newer = || {
        let document = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
        way_out(Ipv6Addr::UNSPECIFIED.into(), document.into())
    };
    older()
        .or_else(newer)
        .unwrap_or_else(|| Ipv4Addr::LOCALHOST.into())
}

/// Whether an answer says that the record itself is refused.
fn is_refusal(body: &str) -> bool {
    let answer: Value = serde_json::from_str(body).unwrap_or_default();
    let errors = answer.get("errors").and_then(Value::as_array);
    let mut codes = errors
        .into_iter()
        .flatten()
        .map(|error| error.get("errorCode"));
    codes.any(|code| code.and_then(Value::as_str) == Some(REFUSED))
}

impl Deliverer for AuditManager {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        self.send(&row.payload).boxed()
    }
}
