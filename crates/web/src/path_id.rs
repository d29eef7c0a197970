//! The id in a path.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev, web};

use crate::describe::{Describe, OperationDoc};
use crate::http_error::HttpError;

/// The only parameter of a path, where a blank one is a broken rule of the request
/// (contract devices.md §1.4): HTTP 400, before the role and the envelope.
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
                return Err(HttpError::field(name, "must not be blank").into());
            }
            Ok(Self(id))
        });
        ready(id)
    }
}

impl Describe for PathId {
    fn describe(_: &mut OperationDoc) {}
}
