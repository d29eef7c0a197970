//! Long lists that are sent as they are read.
//!
//! A handler that takes [`Streaming`] and returns [`Streamed`] never holds all
//! rows of its list at once. On the wire the answer is the usual envelope.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::rc::Rc;

use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use serde::Serialize;
use utoipa::ToSchema;

use crate::describe::{Describe, OperationDoc};
use crate::edge::Edge;
use crate::error::{ApiError, ApiResult};
use crate::http_error::JSON;
use crate::route::{Answer, Descriptor, Requested};

/// The way to an answer that is sent in parts.
#[derive(Debug)]
pub struct Streaming {
    request: HttpRequest,
}

/// A `T`, on its way: a list, or something that ends with one.
#[derive(Debug)]
pub struct Streamed<T> {
    response: HttpResponse,
    whole: PhantomData<T>,
}

impl Streaming {
    /// The answer with the rows of all runs. The first run should be at hand,
    /// so that what commonly fails still gets a proper answer: a run that fails
    /// later can only break the transfer.
    ///
    /// # Errors
    /// Only outside of a route.
    pub fn list<T, S>(self, runs: S) -> ApiResult<Streamed<Vec<T>>>
    where
        T: Serialize + 'static,
        S: Stream<Item = ApiResult<Vec<T>>> + 'static,
    {
        self.within(&Vec::new(), runs)
    }

    /// [`Streaming::list`] within `whole`, whose last member is the list, empty.
    ///
    /// # Errors
    /// When `whole` doesn't end so.
    pub fn within<W, T, S>(self, whole: &W, runs: S) -> ApiResult<Streamed<W>>
    where
        W: Serialize,
        T: Serialize + 'static,
        S: Stream<Item = ApiResult<Vec<T>>> + 'static,
    {
        let whole = serde_json::to_string(whole).map_err(ApiError::unexpected)?;
        let (head, tail) = self.around(&whole)?;
        let part = |bytes| stream::iter([Ok::<Bytes, ApiError>(bytes)]);
        let mut first = true;
        let rows = runs.map(move |run| {
            let text = run.and_then(|run| text_of(&run, &mut first));
            text.map(Bytes::from).inspect_err(|error| {
                pms_log::error("a list breaks off", &error.to_string(), |line| {
                    tracing::error!(%error, "{line}");
                });
            })
        });
        let body = part(head).chain(rows).chain(part(tail));
        Ok(Streamed {
            response: HttpResponse::Ok().content_type(JSON).streaming(body),
            whole: PhantomData,
        })
    }

    /// What comes before and after the rows: the envelope with the empty list,
    /// cut inside of the list.
    fn around(&self, empty: &str) -> ApiResult<(Bytes, Bytes)> {
        let route = self.request.extensions().get::<Rc<Descriptor>>().cloned();
        let route = route.ok_or_else(|| ApiError::unexpected("no route"))?;
        let list = empty.trim_end_matches('}');
        let before = list
            .strip_suffix(']')
            .filter(|text| text.ends_with('['))
            .ok_or_else(|| ApiError::unexpected("no list at the end"))?;
        let (before, after) = empty.split_at(before.len());
        let now = Edge::of(&self.request).now();
        let (head, tail) = route
            .dialect
            .frame(route.style, &self.request, now)
            .map_err(ApiError::unexpected)?;
        Ok((
            Bytes::from(head + before),
            Bytes::from([after, tail].concat()),
        ))
    }
}

/// Rows as the inside of an array, after a comma unless they are the `first`.
fn text_of<T: Serialize>(rows: &[T], first: &mut bool) -> ApiResult<Vec<u8>> {
    let mut text = Vec::new();
    for row in rows {
        if !std::mem::take(first) {
            text.push(b',');
        }
        serde_json::to_writer(&mut text, row).map_err(ApiError::unexpected)?;
    }
    Ok(text)
}

impl FromRequest for Streaming {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Ok(Self {
            request: request.clone(),
        }))
    }
}

impl Describe for Streaming {
    fn describe(_: &mut OperationDoc) {}
}

impl<T: ToSchema> Answer for Streamed<T> {
    fn answer(self, _: &Requested<'_>) -> Result<HttpResponse, serde_json::Error> {
        Ok(self.response)
    }

    fn describe(doc: &mut OperationDoc) {
        doc.response::<T>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_join_into_one_array() {
        let mut first = true;
        let mut text = Vec::new();
        for run in [&[][..], &[1, 2], &[], &[3]] {
            text.extend(text_of(run, &mut first).unwrap());
        }

        assert_eq!(text, b"1,2,3");
    }
}
