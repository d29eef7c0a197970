//! The template service of the master data (contract integrations.md §3.3).
//!
//! `GET /v1/masterdata/templates/{langcode}/{templatetypecode}` answers with a
//! list of templates, or with `KER-MSD-046`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::Method;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::{Incoming, Needs, Work, stamp};

/// Its endpoint, with place-holders.
pub const PATH: &str = "/v1/masterdata/templates/{langcode}/{templatetypecode}";
const PREFIX: &str = "/v1/masterdata/templates/";
/// One of the roles that may read templates.
const ROLE: &str = "ZONAL_ADMIN";

/// Language and code → text.
type Texts = BTreeMap<(String, String), String>;

/// The templates that there are.
#[derive(Default)]
pub struct Templates(Mutex<Texts>);

impl Templates {
    /// Knows a template from now on.
    pub fn put(&self, language: &str, code: &str, text: &str) {
        let key = (language.to_owned(), code.to_owned());
        self.lock().insert(key, text.to_owned());
    }

    /// Knows it no longer.
    pub fn remove(&self, language: &str, code: &str) {
        let key = (language.to_owned(), code.to_owned());
        self.lock().remove(&key);
    }

    /// Language, code and text of all.
    pub fn all(&self) -> Vec<(String, String, String)> {
        let texts = self.lock();
        let all = texts.iter();
        all.map(|((language, code), text)| (language.clone(), code.clone(), text.clone()))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Texts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Work for Templates {
    fn needs(&self, _method: &Method, _path: &str) -> Needs {
        Needs {
            token: true,
            role: Some(ROLE),
            bearer: true,
        }
    }

    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse {
        let Some((language, code)) = named(incoming.path) else {
            return HttpResponse::NotFound().finish();
        };
        if incoming.request.method() != Method::GET {
            return HttpResponse::MethodNotAllowed().finish();
        }
        let text = self.lock().get(&(language.clone(), code.clone())).cloned();
        let (response, errors) = match text {
            Some(text) => (found(&language, &code, &text), Value::Null),
            None => (
                Value::Null,
                json!([{ "errorCode": "KER-MSD-046", "message": "Template not found." }]),
            ),
        };
        HttpResponse::Ok().json(json!({
            "id": null, "version": null, "responsetime": stamp(incoming.now), "metadata": null,
            "response": response, "errors": errors,
        }))
    }
}

fn named(path: &str) -> Option<(String, String)> {
    let (language, code) = path.strip_prefix(PREFIX)?.split_once('/')?;
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let single = !language.is_empty() && !code.is_empty() && !code.contains('/');
    single.then(|| (decoded(language), decoded(code)))
}

fn found(language: &str, code: &str, text: &str) -> Value {
    json!({ "templates": [{
        "id": "1", "name": code, "description": "", "fileFormatCode": "txt",
        "model": "velocity", "fileText": text, "moduleId": "10007", "moduleName": "PMS",
        "templateTypeCode": code, "langCode": language, "isActive": true,
    }] })
}
