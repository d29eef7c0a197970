//! Conditional reads: `ETag` and `If-None-Match`.
//!
//! A handler that takes [`Conditional`] and returns [`Tagged`] names the version
//! of its data in `ETag`. A client that has this version already, and says so,
//! gets 304 without a body; every other answer stays as it is. Roles and
//! business rules come first: a refusal is never "not modified".

use std::future::{Ready, ready};
use std::hash::Hasher;
use std::rc::Rc;

use actix_web::http::header::{ETAG, EntityTag, Header as _, HeaderValue, IfNoneMatch};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev};
use serde::Serialize;
use utoipa::openapi::Required;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::{PartialSchema as _, ToSchema};

use crate::describe::{Describe, OperationDoc};
use crate::edge::Edge;
use crate::error::{ApiError, ApiResult};
use crate::route::{Answer, Answered, Descriptor};

/// What a request says about the versions that its sender has.
#[derive(Debug)]
pub struct Conditional {
    request: HttpRequest,
}

/// Data whose version is told, and which isn't sent to a client that has it.
#[derive(Debug)]
pub struct Tagged<T> {
    request: HttpRequest,
    route: Rc<Descriptor>,
    data: T,
    /// Names the version; made of the data otherwise.
    tag: Option<String>,
}

impl Conditional {
    /// The answer with this data.
    ///
    /// # Errors
    /// Only outside of a route.
    pub fn answer<T>(self, data: T) -> ApiResult<Tagged<T>> {
        self.tagged(data, None)
    }

    /// The answer with data whose version has a name already.
    ///
    /// # Errors
    /// Only outside of a route.
    pub fn answer_named<T>(self, tag: String, data: T) -> ApiResult<Tagged<T>> {
        self.tagged(data, Some(tag))
    }

    fn tagged<T>(self, data: T, tag: Option<String>) -> ApiResult<Tagged<T>> {
        let route = self.request.extensions().get::<Rc<Descriptor>>().cloned();
        let route = route.ok_or_else(|| ApiError::unexpected("no route"))?;
        Ok(Tagged {
            request: self.request,
            route,
            data,
            tag,
        })
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
    fn into_answered(self) -> Result<Answered, serde_json::Error> {
        let data = serde_json::value::to_raw_value(&self.data)?;
        let tag = self.tag.unwrap_or_else(|| tag_of(data.get()));
        let mut response = if has(&self.request, &tag) {
            HttpResponse::NotModified().finish()
        } else {
            let now = Edge::of(&self.request).now();
            let route = &self.route;
            route
                .dialect
                .success(route.style, &self.request, &data, now)
        };
        if let Ok(value) = HeaderValue::from_str(&format!("W/\"{tag}\"")) {
            response.headers_mut().insert(ETAG, value);
        }
        Ok(Answered::Whole(response))
    }

    fn describe(doc: &mut OperationDoc) {
        doc.response::<T>();
    }
}

/// Names the content. The tag is weak, because the envelope around the content
/// holds the time of the answer.
fn tag_of(data: &str) -> String {
    let half = |salt: u8| {
        let mut hasher = std::hash::DefaultHasher::new();
        hasher.write_u8(salt);
        hasher.write(data.as_bytes());
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
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
    use actix_web::http::header::IF_NONE_MATCH;
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(lines: &[&str], tag: &str) -> bool {
        let request = lines
            .iter()
            .fold(TestRequest::default(), |request, line| {
                request.append_header((IF_NONE_MATCH, *line))
            })
            .to_http_request();
        has(&request, tag)
    }

    #[test]
    fn other_content_has_another_tag() {
        assert_eq!(tag_of("{}"), tag_of("{}"));
        assert_ne!(tag_of("{}"), tag_of("[]"));
        assert_eq!(tag_of("").len(), 32);
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
            assert!(asked(lines, "a"), "{lines:?}");
        }
        for lines in [
            &[][..],
            &["a"],
            &["\"aa\""],
            &["w/\"a\""],
            &["\"b\",\"c\""],
            &["\""],
        ] {
            assert!(!asked(lines, "a"), "{lines:?}");
        }
    }
}
