//! The route table: one row per endpoint, and everything that follows from it.

mod rows;

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use utoipa::ToSchema;

pub use self::rows::Rows;
use crate::auth::{Anyone, Caller, Visitor};
use crate::describe::{Describe, OperationDoc};
use crate::dialect::Dialect;
use crate::error::ApiResult;
use crate::service::{EnvelopeStyle, Service};

/// Callers of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Holders of a role that `mosip.role.pms.<property>` lists.
    Role(&'static str),
    /// Any caller with a valid token.
    AnyToken,
    /// Every caller, without a token.
    Public,
}

/// What a row of the route table says about its endpoint.
#[derive(Debug, Clone)]
pub struct Descriptor {
    /// HTTP method; `HEAD` comes with `GET`.
    pub method: Method,
    /// Full path with `{parameters}`.
    pub path: String,
    /// Its callers.
    pub access: Access,
    /// Its envelope.
    pub dialect: Dialect,
    /// The service that owns it.
    pub service: &'static Service,
    /// How its V1 envelopes look.
    pub style: &'static EnvelopeStyle,
    /// Name for `security.ownership_legacy_for`.
    pub operation: &'static str,
}

/// Answers a request whose path and method are those of a row.
pub(crate) type Handler =
    Box<dyn Fn(HttpRequest, Payload) -> LocalBoxFuture<'static, HttpResponse>>;

/// Makes the handler of one worker.
type MakeHandler = dyn Fn(Rc<Descriptor>) -> Handler + Send + Sync;

/// One endpoint.
#[derive(Clone)]
pub struct Route {
    /// What the row says.
    pub descriptor: Descriptor,
    /// How the API document describes it.
    pub doc: OperationDoc,
    make_handler: Arc<MakeHandler>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.descriptor.fmt(f)
    }
}

/// A handler whose first parameter is the [`Caller`] (or [`Anyone`] on public
/// routes, [`Visitor`] on pages) and whose other parameters are extractors.
///
/// Only the route's wrapper can make a `Caller`, and it does so after the role
/// check: an endpoint without a role in the table does not compile.
pub trait UseCase<Who, Args>: Clone + Send + Sync + 'static {
    /// What the handler answers with on success.
    type Response: Answer;

    /// Runs the handler.
    fn run(&self, who: Who, args: Args) -> impl Future<Output = ApiResult<Self::Response>>;
}

macro_rules! use_cases {
    ($(($($arg:ident)*))*) => {$(
        impl<F, Fut, W, R, $($arg),*> UseCase<W, ($($arg,)*)> for F
        where
            F: Fn(W, $($arg),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future<Output = ApiResult<R>>,
            R: Answer,
        {
            type Response = R;

            #[allow(non_snake_case, reason = "type parameters double as variables")]
            fn run(
                &self,
                who: W,
                ($($arg,)*): ($($arg,)*),
            ) -> impl Future<Output = ApiResult<R>> {
                self(who, $($arg),*)
            }
        }
    )*};
}

use_cases! { () (A) (A B) (A B C) (A B C D) (A B C D E) }

/// What a handler may answer with: data for the envelope, or a whole response.
pub trait Answer {
    /// The response to a request, in the envelope of its route.
    ///
    /// # Errors
    /// When the value can't be written as JSON.
    fn answer(self, requested: &Requested<'_>) -> Result<HttpResponse, serde_json::Error>;

    /// Adds the value to the API document.
    fn describe(doc: &mut OperationDoc);
}

/// The request that an answer is for, and its row of the route table.
#[derive(Debug, Clone, Copy)]
pub struct Requested<'a> {
    /// The row.
    pub route: &'a Descriptor,
    /// The request.
    pub request: &'a HttpRequest,
}

impl<T: Serialize + ToSchema> Answer for T {
    fn answer(self, requested: &Requested<'_>) -> Result<HttpResponse, serde_json::Error> {
        requested.route.dialect.success(requested, &self)
    }

    fn describe(doc: &mut OperationDoc) {
        doc.response::<T>();
    }
}

/// A response that the handler builds itself: a redirect, a file, a page.
#[derive(Debug)]
pub struct Whole(pub HttpResponse);

impl Answer for Whole {
    fn answer(self, _: &Requested<'_>) -> Result<HttpResponse, serde_json::Error> {
        Ok(self.0)
    }

    fn describe(_doc: &mut OperationDoc) {}
}

/// The caller, as a handler gets it.
pub trait Who: Sized + 'static {
    /// Lets the request in, or answers 401 or 403.
    ///
    /// # Errors
    /// The response to send instead.
    fn admit(route: &Descriptor, request: &HttpRequest) -> Result<Self, Box<HttpResponse>>;
}

impl Who for Caller {
    fn admit(route: &Descriptor, request: &HttpRequest) -> Result<Self, Box<HttpResponse>> {
        Self::authorise(route, request)
    }
}

impl Who for Anyone {
    fn admit(_: &Descriptor, _: &HttpRequest) -> Result<Self, Box<HttpResponse>> {
        Ok(Self)
    }
}

impl Who for Visitor {
    fn admit(route: &Descriptor, request: &HttpRequest) -> Result<Self, Box<HttpResponse>> {
        Ok(Self::of(route, request))
    }
}

impl Route {
    /// A row of the table. Services use [`Rows`], which is shorter.
    pub fn new<W, A, H>(descriptor: Descriptor, handler: H) -> Self
    where
        W: Who,
        A: FromRequest + Describe + 'static,
        H: UseCase<W, A>,
    {
        let mut doc = OperationDoc::default();
        A::describe(&mut doc);
        H::Response::describe(&mut doc);
        let make_handler = Arc::new(move |route: Rc<Descriptor>| -> Handler {
            let handler = handler.clone();
            Box::new(move |request: HttpRequest, payload: Payload| {
                let (route, handler) = (Rc::clone(&route), handler.clone());
                Box::pin(async move {
                    crate::dispatch::serve::<W, A, H>(&route, &handler, &request, payload).await
                })
            })
        });
        Self {
            descriptor,
            doc,
            make_handler,
        }
    }

    /// One line for the API document.
    #[must_use]
    pub fn summary(mut self, text: &'static str) -> Self {
        self.doc.summary = text;
        self
    }

    /// Names the operation for `security.ownership_legacy_for`.
    #[must_use]
    pub fn operation(mut self, name: &'static str) -> Self {
        self.descriptor.operation = name;
        self
    }

    /// What answers this route in one worker.
    pub(crate) fn handler(&self) -> Handler {
        (self.make_handler)(Rc::new(self.descriptor.clone()))
    }
}
