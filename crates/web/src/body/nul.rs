//! Texts with the character NUL, which the database can neither hold nor look for.

use actix_web::{HttpMessage, HttpRequest};

use crate::http_error::HttpError;

/// Field path of a text with the character NUL; stored with the HTTP request. It
/// is an error only if the text gets as far as the database, which can neither
/// hold it nor look for it: many operations have an answer of their own before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextWithNul(pub(super) String);

/// The refusal of a request for its text with NUL: by the field, as far as it is
/// known.
pub(crate) fn refusal_of_nul(request: &HttpRequest) -> HttpError {
    let extensions = request.extensions();
    let path = extensions.get().map(|TextWithNul(path)| path.as_str());
    HttpError::field(path.unwrap_or("request"), "must not hold the character NUL")
}
