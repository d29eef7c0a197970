//! Rows of a route table, written so that each fits on a line.

use actix_web::FromRequest;
use actix_web::http::Method;

use super::{Access, Descriptor, Route, UseCase};
use crate::auth::{Anyone, Caller, Visitor};
use crate::describe::Describe;
use crate::dialect::Dialect;
use crate::service::{EnvelopeStyle, Service};

/// Writes rows for one service, so that a row fits on a line.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    service: &'static Service,
    style: &'static EnvelopeStyle,
    prefix: &'static str,
}

macro_rules! methods {
    ($($name:ident $open:ident $method:ident)*) => {$(
        /// A row for this HTTP method.
        pub fn $name<A, H>(
            &self,
            path: &str,
            access: Access,
            dialect: Dialect,
            handler: H,
        ) -> Route
        where
            A: FromRequest + Describe + 'static,
            H: UseCase<Caller, A>,
        {
            Route::new::<Caller, A, H>(self.row(Method::$method, path, access, dialect), handler)
        }

        /// A row for this HTTP method that needs no token.
        pub fn $open<A, H>(&self, path: &str, dialect: Dialect, handler: H) -> Route
        where
            A: FromRequest + Describe + 'static,
            H: UseCase<Anyone, A>,
        {
            let row = self.row(Method::$method, path, Access::Public, dialect);
            Route::new::<Anyone, A, H>(row, handler)
        }
    )*};
}

impl Rows {
    /// Rows below `service.base`, in the service's style.
    pub fn of(service: &'static Service) -> Self {
        Self {
            service,
            style: service.style(),
            prefix: service.base,
        }
    }

    /// Rows below another prefix: the key manager contract of certificate-service.
    pub fn below(service: &'static Service, prefix: &'static str) -> Self {
        Self {
            prefix,
            ..Self::of(service)
        }
    }

    /// A row for a page that people open, which needs a token and says so
    /// itself: its path stands in the firewall's list of such pages.
    pub fn get_page<A, H>(&self, path: &str, handler: H) -> Route
    where
        A: FromRequest + Describe + 'static,
        H: UseCase<Visitor, A>,
    {
        let row = self.row(Method::GET, path, Access::AnyToken, Dialect::Raw);
        Route::new::<Visitor, A, H>(row, handler)
    }

    methods! {
        get open_get GET
        post open_post POST
        put open_put PUT
        patch open_patch PATCH
        delete open_delete DELETE
    }

    fn row(&self, method: Method, path: &str, access: Access, dialect: Dialect) -> Descriptor {
        let operation = match access {
            Access::Role(property) => property,
            Access::AnyToken | Access::Public => "",
        };
        Descriptor {
            method,
            path: format!("{}{path}", self.prefix),
            access,
            dialect,
            service: self.service,
            style: self.style,
            operation,
        }
    }
}
