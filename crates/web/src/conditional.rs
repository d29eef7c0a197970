//! Conditional reads: `ETag` and `If-None-Match`.
//!
//! A handler that takes [`Conditional`] and returns [`Tagged`] names the version
//! of its data in `ETag`. A client that has this version already, and says so,
//! gets 304 without a body; every other answer stays as it is. Roles and
//! business rules come first: a refusal is never "not modified".

use std::future::{Ready, ready};

use actix_web::http::header::{
    ETAG, EntityTag, Header as _, HeaderValue, IF_NONE_MATCH, IfNoneMatch,
};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev};
use serde::Serialize;
use utoipa::openapi::Required;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::{PartialSchema as _, ToSchema};

use crate::describe::{Describe, OperationDoc};
use crate::route::{Answer, Requested};

/// What a request says about the versions that its sender has.
#[derive(Debug)]
pub struct Conditional {
    request: HttpRequest,
}

/// Data with its version, which isn't sent to a client that has it.
#[derive(Debug)]
pub struct Tagged<T> {
    /// Nothing for a client that has it.
    data: Option<T>,
    /// Names the version.
    tag: String,
}

impl Conditional {
    /// Whether the request names versions, so that finding out the present one
    /// before the data may pay. Not so for `*`, which any version answers.
    pub fn names_versions(&self) -> bool {
        let sent = self.request.headers().get(IF_NONE_MATCH);
        sent.is_some_and(|sent| sent.as_bytes() != b"*")
    }

    /// Whether the sender of the request has this version.
    pub fn has(&self, tag: &str) -> bool {
        has(&self.request, tag)
    }

    /// The answer with data of this version.
    pub fn answer<T>(&self, tag: String, data: T) -> Tagged<T> {
        let data = (!self.has(&tag)).then_some(data);
        Tagged { data, tag }
    }

    /// The answer to a client that [has](Self::has) this version.
    pub const fn unchanged<T>(tag: String) -> Tagged<T> {
        Tagged { data: None, tag }
    }
}

impl FromRequest for Conditional {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self {
            request: request.clone(),
        }))
    }
}

impl Describe for Conditional {
    fn describe(doc: &mut OperationDoc) {
        let parameter = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("`ETag` of an earlier answer: 304 if it still holds."))
            .schema(Some(String::schema()))
            .build();
        doc.parameters.push(parameter);
    }
}

impl<T: Serialize + ToSchema> Answer for Tagged<T> {
    fn answer(self, requested: &Requested<'_>) -> Result<HttpResponse, serde_json::Error> {
        let mut response = match &self.data {
            Some(data) => requested.route.dialect.success(requested, data)?,
            None => HttpResponse::NotModified().finish(),
        };
        // The tag is weak, because the envelope around the data holds the time of the
        // answer.
        if let Ok(value) = HeaderValue::from_str(&format!("W/\"{}\"", self.tag)) {
            response.headers_mut().insert(ETAG, value);
        }
        Ok(response)
    }

    fn describe(doc: &mut OperationDoc) {
        doc.response::<T>();
    }
}

/// Whether `If-None-Match` holds the tag, weak or strong, or `*`.
pub fn has(request: &HttpRequest, tag: &str) -> bool {
    let tag = EntityTag::new_weak(tag.to_owned());
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(sent)) => sent.iter().any(|sent| sent.weak_eq(&tag)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn matches(lines: &[&str], tag: &str) -> bool {
        let request = lines
            .iter()
            .fold(TestRequest::default(), |request, line| {
                request.append_header((IF_NONE_MATCH, *line))
            })
            .to_http_request();
        has(&request, tag)
    }

    #[test]
    fn one_of_the_sent_tags_is_enough() {
        for lines in [
            &["\"a\""][..],
            &["W/\"a\""],
            &["*"],
            &["\"b\", W/\"a\""],
            &["\"b\"", "\"a\""],
        ] {
            assert!(matches(lines, "a"), "{lines:?}");
        }
        for lines in [
            &[][..],
            &["a"],
            &["\"aa\""],
            &["w/\"a\""],
            &["\"b\",\"c\""],
            &["\""],
        ] {
            assert!(!matches(lines, "a"), "{lines:?}");
        }
    }
}
