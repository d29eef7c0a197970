//! Methods that a path serves, and the answer to another one.

use std::borrow::Cow;

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};

use crate::http_error::problem;
use crate::route::Descriptor;

/// What `Allow` says for the paths of one pattern.
pub(super) struct Allowed {
    /// Methods that every path of the pattern serves.
    always: String,
    /// Other patterns that some of these paths match as well, with their methods:
    /// `/a/{x}` and `/{y}/b` overlap at `/a/b`.
    sometimes: Vec<(ResourceDef, Vec<&'static str>)>,
    methods: Vec<&'static str>,
}

impl Allowed {
    pub(super) fn of(pattern: &str, rows: &[&Descriptor]) -> Self {
        let (mut methods, mut sometimes) = (vec!["OPTIONS"], Vec::new());
        for row in rows.iter().filter(|row| overlap(&row.path, pattern)) {
            let own = methods_of(&row.method);
            if row.path == pattern {
                methods.extend(own);
            } else {
                sometimes.push((ResourceDef::new(row.path.as_str()), own));
            }
        }
        Self {
            always: listed(methods.clone()),
            sometimes,
            methods,
        }
    }

    /// `path` is as the router sees it, decoded.
    pub(super) fn at(&self, path: &str) -> Cow<'_, str> {
        if self.sometimes.is_empty() {
            return Cow::Borrowed(&self.always);
        }
        let more = self.sometimes.iter();
        let more = more.filter(|(pattern, _)| pattern.is_match(path));
        let methods = more.flat_map(|(_, methods)| methods.iter().copied());
        Cow::Owned(listed(
            methods.chain(self.methods.iter().copied()).collect(),
        ))
    }
}

/// Whether a path exists that matches both patterns.
fn overlap(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(a), _) if a.contains(":.*") => return true,
            (_, Some(b)) if b.contains(":.*") => return true,
            (Some(a), Some(b)) if a == b || a.contains('{') || b.contains('{') => {}
            _ => return false,
        }
    }
}

/// The method of a row, and what comes with it.
fn methods_of(method: &Method) -> Vec<&'static str> {
    match *method {
        Method::GET => vec!["GET", "HEAD"],
        Method::POST => vec!["POST"],
        Method::PUT => vec!["PUT"],
        Method::PATCH => vec!["PATCH"],
        _ => vec!["DELETE"],
    }
}

fn listed(mut methods: Vec<&'static str>) -> String {
    methods.sort_unstable();
    methods.dedup();
    methods.join(",")
}

/// OPTIONS, or 405 with what would work.
pub(crate) fn not_allowed(request: &HttpRequest, allow: &str) -> HttpResponse {
    if request.method() == Method::OPTIONS {
        return HttpResponse::Ok()
            .insert_header((header::ALLOW, allow))
            .finish();
    }
    let detail = format!("Method '{}' is not supported.", request.method());
    problem(StatusCode::METHOD_NOT_ALLOWED, &detail, request.path())
        .header(header::ALLOW, allow)
        .finish_body()
}
