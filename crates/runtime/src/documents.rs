//! One API document of the partner manager, though two services serve it.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use pms_web::http_error::JSON;
use pms_web::openapi::document;
use pms_web::server::{Module, Mount};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

/// The document is for people: better half of it now than all of it late.
const PATIENCE: Duration = Duration::from_secs(2);

struct Merged {
    client: reqwest::Client,
    other: String,
    base: &'static str,
    own: Value,
    whole: OnceCell<String>,
}

/// Serves the document of `module` with certificate-service's public routes,
/// whose document `target` has. Asked for when first needed, then kept; while
/// certificate-service can't be reached, the document is the module's own.
pub fn mount(module: &Module, client: reqwest::Client, target: &str) -> Mount {
    let service = module.service;
    let own = serde_json::to_value(document(service.title, module.routes.iter()));
    let merged = Arc::new(Merged {
        client,
        other: format!("{}/v1/keymanager/v3/api-docs", target.trim_end_matches('/')),
        base: service.base,
        own: own.unwrap_or_default(),
        whole: OnceCell::new(),
    });
    let path = format!("{}/v3/api-docs", service.own);
    Arc::new(move |app: &mut ServiceConfig| {
        let merged = Arc::clone(&merged);
        app.route(
            &path,
            web::get().to(move || {
                let merged = Arc::clone(&merged);
                async move {
                    HttpResponse::Ok()
                        .content_type(JSON)
                        .body(merged.text().await)
                }
            }),
        );
    })
}

impl Merged {
    async fn text(&self) -> String {
        match self.whole.get_or_try_init(|| self.fetch()).await {
            Ok(text) => text.clone(),
            Err(error) => {
                tracing::warn!(%error, "certificate-service's API document can't be fetched");
                self.own.to_string()
            }
        }
    }

    async fn fetch(&self) -> Result<String, reqwest::Error> {
        let answer = self
            .client
            .get(&self.other)
            .timeout(PATIENCE)
            .send()
            .await?;
        let other: Value = answer.error_for_status()?.json().await?;
        Ok(merge(self.own.clone(), &other, self.base).to_string())
    }
}

/// Adds the paths of `other` below `base`, and the schemas they may refer to.
fn merge(mut own: Value, other: &Value, base: &str) -> Value {
    let below = |path: &str| {
        path.strip_prefix(base)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    add(&mut own, other, "/paths", below);
    add(&mut own, other, "/components/schemas", |_| true);
    own
}

fn add(own: &mut Value, other: &Value, pointer: &str, wanted: impl Fn(&str) -> bool) {
    let Some(members) = other.pointer(pointer).and_then(Value::as_object) else {
        return;
    };
    let Some(target) = own.pointer_mut(pointer).and_then(Value::as_object_mut) else {
        return;
    };
    let news: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| wanted(name) && !target.contains_key(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    target.extend(news);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_public_paths_are_added_and_nothing_is_replaced() {
        let own = json!({
            "paths": { "/v1/partnermanager/a": { "get": 1 } },
            "components": { "schemas": { "A": 1 } },
        });
        let other = json!({
            "paths": {
                "/v1/partnermanager/a": { "get": 2 },
                "/v1/partnermanager/b": { "get": 3 },
                "/v1/keymanager/c": { "get": 4 },
            },
            "components": { "schemas": { "A": 2, "B": 3 } },
        });

        let merged = merge(own, &other, "/v1/partnermanager");

        assert_eq!(
            merged,
            json!({
                "paths": {
                    "/v1/partnermanager/a": { "get": 1 },
                    "/v1/partnermanager/b": { "get": 3 },
                },
                "components": { "schemas": { "A": 1, "B": 3 } },
            })
        );
    }
}
