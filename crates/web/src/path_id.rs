//! The id in a path.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev, web};

use crate::body::broken_rule;
use crate::describe::{Describe, OperationDoc};
use crate::http_error::HttpError;

/// The only parameter of a path, where a blank one is a broken rule of the request
/// (contract devices.md §1.4, contract policy.md §2.4): HTTP 400, before the role and
/// the envelope, in the words that the route has for broken rules.
#[derive(Debug)]
pub struct PathId(pub String);

impl FromRequest for PathId {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let path = web::Path::<String>::from_request(request, payload).into_inner();
        let id = path.and_then(|path| {
            let id = path.into_inner();
            if id.trim().is_empty() {
                let names = request.match_info().iter();
                let name = names.map(|(name, _)| name).next().unwrap_or_default();
                let refusal = HttpError::field(name, "must not be blank");
                return Err(broken_rule(request, refusal).into());
            }
            Ok(Self(id))
        });
        ready(id)
    }
}

impl Describe for PathId {
    fn describe(_: &mut OperationDoc) {}
}
