//! The template service of the master data (integrations contract §3.3).

use std::collections::HashMap;
use std::sync::Mutex;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::stand_in::{Asked, StandIn, Work, faulty};

/// Language and code → text.
#[derive(Default)]
struct Texts(Mutex<HashMap<(String, String), String>>);

/// A template service on a free port of loopback.
pub struct TemplatesPeer {
    stand_in: StandIn<Texts>,
}

impl TemplatesPeer {
    /// Starts without templates.
    pub fn start() -> Self {
        Self {
            stand_in: StandIn::start(Texts::default()),
        }
    }

    /// Its endpoint, with place-holders.
    pub fn url(&self) -> String {
        self.stand_in
            .url("/v1/masterdata/templates/{langcode}/{templatetypecode}")
    }

    /// Knows a template from now on.
    pub fn put(&self, language: &str, code: &str, text: &str) {
        let key = (language.to_owned(), code.to_owned());
        let mut texts = self.stand_in.shared.work.0.lock().unwrap();
        texts.insert(key, text.to_owned());
    }
}

faulty!(TemplatesPeer);

impl Work for Texts {
    const ROLE: Option<&'static str> = Some("ZONAL_ADMIN");
    const BEARER: bool = true;

    fn answer(&self, asked: &Asked<'_>) -> HttpResponse {
        let path = asked.request.path();
        let Some((language, code)) = path
            .strip_prefix("/v1/masterdata/templates/")
            .and_then(|rest| rest.split_once('/'))
        else {
            return HttpResponse::NotFound().finish();
        };
        let key = (language.to_owned(), code.to_owned());
        let texts = self.0.lock().unwrap();
        let Some(text) = texts.get(&key) else {
            return HttpResponse::Ok().json(json!({
                "id": null, "response": null,
                "errors": [{ "errorCode": "KER-MSD-046", "message": "Template not found." }],
            }));
        };
        let template = json!({
            "id": "1", "name": code, "description": "", "fileFormatCode": "txt",
            "model": "velocity", "fileText": text, "moduleId": "10007", "moduleName": "PMS",
            "templateTypeCode": code, "langCode": language, "isActive": true,
        });
        HttpResponse::Ok().json(json!({
            "id": null, "response": { "templates": [template] }, "errors": Value::Null,
        }))
    }
}
