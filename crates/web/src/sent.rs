//! How answers leave: large ones in parts, and the body of the request, if it was not
//! read to its end, stays until then.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpMessage as _;
use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use futures_util::Stream;

/// What a connection copies of an answer at once, in bytes. The rest stays where it is,
/// which may be shared by all connections.
const PART: usize = 32 * 1024;

/// The body of a request, held beside its handler. As soon as nothing holds a body that
/// is sent in chunks, actix takes the rest of it off the connection, without a limit of
/// time or size. While it is held until the answer is sent, actix closes the connection.
/// Bodies of announced length need no such care.
pub(crate) struct Held {
    _payload: Rc<RefCell<Payload>>,
}

impl Held {
    /// Holds the body of a request, if it is sent in chunks.
    pub(crate) fn of(request: &mut ServiceRequest) -> Option<Self> {
        if !request.headers().contains_key(TRANSFER_ENCODING) {
            return None;
        }
        let payload = Rc::new(RefCell::new(request.take_payload()));
        let payload_of_handler = Shared(Rc::clone(&payload));
        request.set_payload(Payload::Stream {
            payload: Box::pin(payload_of_handler),
        });
        Some(Self { _payload: payload })
    }
}

/// The body as its handler reads it.
struct Shared(Rc<RefCell<Payload>>);

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut *self.0.borrow_mut()).poll_next(context)
    }
}

/// Makes an answer ready to be sent.
pub(crate) fn ready<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    held: Option<Held>,
) -> ServiceResponse<EitherBody<B, Sent>> {
    let size = response.response().body().size();
    let is_large = match size {
        BodySize::Sized(bytes) => usize::try_from(bytes).is_ok_and(|bytes| bytes > PART),
        BodySize::None | BodySize::Stream => false,
    };
    if held.is_none() && !is_large {
        return response.map_into_left_body();
    }
    response.map_body(|_, body| {
        let rest = if is_large {
            match body.try_into_bytes() {
                Ok(bytes) => Rest::Bytes(bytes),
                Err(body) => Rest::Stream(BoxBody::new(body)),
            }
        } else {
            Rest::Stream(BoxBody::new(body))
        };
        EitherBody::right(Sent { rest, _held: held })
    })
}

/// The body of such an answer.
pub(crate) struct Sent {
    rest: Rest,
    _held: Option<Held>,
}

enum Rest {
    Bytes(Bytes),
    Stream(BoxBody),
}

impl MessageBody for Sent {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        match &self.rest {
            Rest::Bytes(bytes) => bytes.size(),
            Rest::Stream(body) => body.size(),
        }
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        match &mut self.get_mut().rest {
            Rest::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Rest::Bytes(bytes) => {
                let part = bytes.split_to(bytes.len().min(PART));
                Poll::Ready(Some(Ok(part)))
            }
            Rest::Stream(body) => Pin::new(body).poll_next(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::HttpResponse;
    use actix_web::test::TestRequest;

    use super::*;

    #[actix_web::test]
    async fn a_large_answer_leaves_in_parts_of_the_same_bytes() {
        let page = Bytes::from(vec![b'x'; 2 * PART + 1]);
        let request = TestRequest::default().to_http_request();
        let answer = ServiceResponse::new(request, HttpResponse::Ok().body(page.clone()));

        let mut body = Box::pin(ready(answer, None).into_body());

        assert_eq!(body.size(), page.size());
        let mut at = page.as_ptr();
        for length in [PART, PART, 1] {
            let part = std::future::poll_fn(|context| body.as_mut().poll_next(context));
            let part = part.await.unwrap().unwrap();
            assert_eq!((part.len(), part.as_ptr()), (length, at));
            at = at.wrapping_add(length);
        }
        let end = std::future::poll_fn(|context| body.as_mut().poll_next(context)).await;
        assert!(end.is_none());
    }
}
