//! The id in the path of the newer endpoints.

use std::future::{Ready, ready};

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, dev};
use pms_web::HttpError;
use pms_web::describe::{Describe, OperationDoc};

/// The only parameter of the path, which must hold something.
#[derive(Debug)]
pub(crate) struct PathId(pub(crate) String);

impl FromRequest for PathId {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let id = actix_web::web::Path::<String>::extract(request).into_inner();
        ready(id.and_then(|id| {
            let id = id.into_inner();
            if id.trim().is_empty() {
                return Err(
                    HttpError::problem(StatusCode::BAD_REQUEST, "Validation failure").into(),
                );
            }
            Ok(Self(id))
        }))
    }
}

/// Path parameters come from the route's path.
impl Describe for PathId {
    fn describe(_: &mut OperationDoc) {}
}
