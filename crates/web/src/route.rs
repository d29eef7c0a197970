//! The route table: one row per endpoint, and everything that follows from it.

mod rows;

use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::{Payload, Service as _};
use actix_web::http::Method;
use actix_web::web::ServiceConfig;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

pub use self::rows::Rows;
use crate::auth::{Anyone, Caller, Visitor};
use crate::describe::{Describe, OperationDoc};
use crate::dialect::Dialect;
use crate::error::ApiResult;
use crate::service::{EnvelopeStyle, Service};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Holders of a role that `mosip.role.pms.<property>` lists.
    Role(&'static str),
    /// Anybody with a valid token.
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
    /// Who may call it.
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

type Register = dyn Fn(Rc<Descriptor>, &mut ServiceConfig) + Send + Sync;

/// One endpoint.
#[derive(Clone)]
pub struct Route {
    /// What the row says.
    pub descriptor: Descriptor,
    /// How the API document describes it.
    pub doc: OperationDoc,
    register: Arc<Register>,
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
    /// Turns the value into what the envelope carries.
    ///
    /// # Errors
    /// When the value can't be written as JSON.
    fn into_answered(self) -> Result<Answered, serde_json::Error>;

    /// Adds the value to the API document.
    fn describe(doc: &mut OperationDoc);
}

/// An answer on its way into the envelope.
#[derive(Debug)]
pub enum Answered {
    /// The `response` member.
    Data(Box<RawValue>),
    /// The whole response, built by the handler.
    Whole(HttpResponse),
}

impl<T: Serialize + ToSchema> Answer for T {
    fn into_answered(self) -> Result<Answered, serde_json::Error> {
        serde_json::value::to_raw_value(&self).map(Answered::Data)
    }

    fn describe(doc: &mut OperationDoc) {
        doc.response::<T>();
    }
}

/// A response that the handler builds itself: a redirect, a file, a page.
#[derive(Debug)]
pub struct Whole(pub HttpResponse);

impl Answer for Whole {
    fn into_answered(self) -> Result<Answered, serde_json::Error> {
        Ok(Answered::Whole(self.0))
    }

    fn describe(_doc: &mut OperationDoc) {}
}

/// Who a handler is told is calling.
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
        let register = Arc::new(move |route: Rc<Descriptor>, app: &mut ServiceConfig| {
            let handler = handler.clone();
            let resource = crate::dispatch::resource(&route);
            let serve = move |request: HttpRequest, payload: actix_web::web::Payload| {
                let (route, handler) = (Rc::clone(&route), handler.clone());
                async move {
                    let payload: Payload = payload.into_inner();
                    crate::dispatch::serve::<W, A, H>(&route, &handler, &request, payload).await
                }
            };
            app.service(resource.to(serve).wrap_fn(|mut request, next| {
                crate::dispatch::spell_out(request.match_info_mut());
                next.call(request)
            }));
        });
        Self {
            descriptor,
            doc,
            register,
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

    /// Mounts the route in one worker.
    pub fn register(&self, app: &mut ServiceConfig) {
        (self.register)(Rc::new(self.descriptor.clone()), app);
    }
}
