//! One well-formed request for every endpoint. `{p}` stands for the partner
//! that the request is about.

mod clients;
mod devices;
mod mappings;
mod partners;
mod portal;

use std::borrow::Cow;

use actix_web::http::Method;
use pms_testkit::{Reply, Who};
use pms_web::Dialect;
use serde_json::{Value, json};

use crate::support::{BASE, Stage};

/// A request for the rows of a partner.
pub struct Call {
    method: &'static str,
    /// Path as the route table has it.
    route: Cow<'static, str>,
    /// Path as it is sent.
    path: Cow<'static, str>,
    /// `request` of the envelope; none for a request without body.
    request: Option<Value>,
}

impl Call {
    /// Method and route.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.route)
    }

    /// Whether its request names this status.
    pub fn asks_for(&self, status: &str) -> bool {
        let request = self.request.as_ref();
        let members = ["status", "approvalStatus"];
        request.is_some_and(|request| members.iter().any(|name| request[name] == status))
    }

    /// Sends it about the rows of `partner`.
    pub async fn send(&self, stage: &Stage, who: &Who, partner: &str) -> Reply {
        let path = format!("{BASE}{}", self.path.replace("{p}", partner));
        let body = self.request.as_ref().map(|request| {
            let envelope = self.envelope(stage, request);
            envelope.to_string().replace("{p}", partner)
        });
        stage.app.send(who, self.method, &path, body).await
    }

    /// The envelope that the route expects.
    fn envelope(&self, stage: &Stage, request: &Value) -> Value {
        let mut rows = pms_partner_service::routes()
            .into_iter()
            .map(|route| route.descriptor);
        let row = rows.find(|row| {
            row.method.as_str() == self.method && row.path == format!("{BASE}{}", self.route)
        });
        match row.expect("a route").dialect {
            Dialect::V2 { operation, .. } => json!({
                "id": operation,
                "version": "1.0",
                "requestTime": stage.app.now_text(),
                "metadata": {},
                "request": request,
            }),
            _ => stage.app.v1(request),
        }
    }
}

fn get(route: &'static str, path: &'static str) -> Call {
    Call {
        method: "GET",
        route: route.into(),
        path: path.into(),
        request: None,
    }
}

pub fn with(method: &'static str, route: &'static str, path: &'static str, request: Value) -> Call {
    Call {
        method,
        route: route.into(),
        path: path.into(),
        request: Some(request),
    }
}

fn everything() -> Value {
    json!({
        "filters": [],
        "sort": [],
        "pagination": { "pageStart": 0, "pageFetch": 100 },
        "partnerType": "all",
    })
}

fn values(column: &str) -> Value {
    json!({
        "filters": [{ "columnName": column, "type": "all", "text": "" }],
        "optionalFilters": [],
    })
}

/// All of them, in the order of the contract. A plain read needs no entry: its
/// path with the partner's id for every parameter is a request.
pub fn calls() -> Vec<Call> {
    let mut all = partners::partners();
    all.extend(mappings::requests());
    all.extend(mappings::keys());
    all.extend(partners::administration());
    all.extend(portal::portal());
    all.extend(devices::devices());
    all.extend(clients::clients());
    all.extend(devices::chips());
    all.extend(portal::sign_in());
    for row in pms_partner_service::routes() {
        let row = row.descriptor;
        let route = row.path.trim_start_matches(BASE);
        let known = all
            .iter()
            .any(|call| row.method.as_str() == call.method && route == call.route);
        if row.method == Method::GET && !known {
            let segments = route.split('/');
            let sent = segments.map(|segment| {
                if segment.contains('{') {
                    "{p}"
                } else {
                    segment
                }
            });
            let path = sent.collect::<Vec<_>>().join("/");
            all.push(Call {
                method: "GET",
                route: route.to_owned().into(),
                path: path.into(),
                request: None,
            });
        }
    }
    all
}
