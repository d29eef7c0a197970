//! The authorised caller of a route.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use pms_domain::BusinessError;
use serde_json::json;

use super::ownership::{Scope, Scopes, is_own, refused};
use super::token::Token;
use crate::body::Echo;
use crate::dialect::envelope_time;
use crate::edge::Edge;
use crate::http_error::JSON;
use crate::route::{Access, Descriptor};

/// An authenticated caller who may use the route at hand.
///
/// Made by the route's wrapper only, after the role check.
#[derive(Debug, Clone)]
pub struct Caller {
    token: Arc<Token>,
    scopes: Scopes,
}

/// The caller of a public route, who has no token.
#[derive(Debug, Clone, Copy)]
pub struct Anyone;

/// The caller of an endpoint that people open as a page: it answers itself when
/// the caller is not logged in.
#[derive(Debug, Clone)]
pub struct Visitor(Option<Caller>);

impl Visitor {
    /// The caller, when logged in.
    pub const fn caller(&self) -> Option<&Caller> {
        self.0.as_ref()
    }

    pub(crate) fn of(route: &Descriptor, request: &HttpRequest) -> Self {
        Self(Caller::authorise(route, request).ok())
    }
}

impl Caller {
    /// The user id: `cr_by`, `upd_by`, the audit user.
    pub fn user_id(&self) -> &str {
        &self.token.user_id
    }

    /// What the token says.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Whether the caller holds this role, exactly.
    pub fn has_role(&self, role: &str) -> bool {
        self.token.roles.iter().any(|held| held == role)
    }

    /// Whether the caller holds `PARTNER_ADMIN`.
    pub fn is_partner_admin(&self) -> bool {
        self.has_role("PARTNER_ADMIN")
    }

    /// Whose rows the caller may see on this route.
    pub const fn scope(&self) -> Scope {
        self.scopes.seen
    }

    /// Whose rows the caller may change on this route: fewer than the caller may see,
    /// since roles of other modules read for others and change nothing for them.
    pub const fn change_scope(&self) -> Scope {
        self.scopes.changed
    }

    /// Whether a partner's row is the caller's own: its `user_id` is the caller's
    /// user id, ignoring case; its `id`, only where `user_id` is empty.
    pub fn owns(&self, owner_user_id: &str, partner_id: &str) -> bool {
        is_own(self.user_id(), owner_user_id, partner_id)
    }

    /// Lets the caller change the row of a partner.
    ///
    /// # Errors
    /// `PMS_PRT_055` when the row is another user's and the caller doesn't
    /// administer partners here.
    pub fn require_owner(
        &self,
        owner_user_id: &str,
        partner_id: &str,
    ) -> Result<(), BusinessError> {
        self.require(self.scopes.changed, owner_user_id, partner_id)
    }

    /// Lets the caller read the row of a partner.
    ///
    /// # Errors
    /// `PMS_PRT_055` when the row is another user's and the caller doesn't
    /// read for others here.
    pub fn require_reader(
        &self,
        owner_user_id: &str,
        partner_id: &str,
    ) -> Result<(), BusinessError> {
        self.require(self.scopes.seen, owner_user_id, partner_id)
    }

    fn require(
        &self,
        scope: Scope,
        owner_user_id: &str,
        partner_id: &str,
    ) -> Result<(), BusinessError> {
        if scope == Scope::All || self.owns(owner_user_id, partner_id) {
            Ok(())
        } else {
            Err(refused())
        }
    }

    /// The role check of a route: 401 without a token, 403 without a role.
    pub(crate) fn authorise(
        route: &Descriptor,
        request: &HttpRequest,
    ) -> Result<Self, Box<HttpResponse>> {
        let edge = Edge::of(request);
        let token = request.extensions().get::<Arc<Token>>().cloned();
        let Some(token) = token else {
            return Err(Box::new(failed(
                StatusCode::UNAUTHORIZED,
                ("KER-ATH-401", "Authentication Failed"),
                (None, None),
                &edge,
            )));
        };
        let (listed, admitted) = match route.access {
            Access::Role(property) => (
                edge.roles().of(property),
                edge.roles().admits(property, &token.roles),
            ),
            Access::AnyToken | Access::Public => (&[][..], true),
        };
        if !admitted {
            return Err(Box::new(forbidden(route, request)));
        }
        let scopes = edge
            .ownership()
            .scopes(route.operation, &token.roles, listed);
        Ok(Self { token, scopes })
    }
}

/// The answer to a caller whose roles are not enough.
pub(crate) fn forbidden(route: &Descriptor, request: &HttpRequest) -> HttpResponse {
    let error = ("KER-ATH-403", "Forbidden");
    denied(route, request, StatusCode::FORBIDDEN, error)
}

/// A 401 or 403 after the request was read, with a code and its text.
pub(crate) fn denied(
    route: &Descriptor,
    request: &HttpRequest,
    status: StatusCode,
    error: (&str, &str),
) -> HttpResponse {
    let echoed = if route.style.forbidden_echoes {
        Echo::of(request)
    } else {
        (None, None)
    };
    failed(status, error, echoed, &Edge::of(request))
}

/// The body of a 401 or 403.
pub(super) fn failed(
    status: StatusCode,
    (code, message): (&str, &str),
    (id, version): (Option<String>, Option<String>),
    edge: &Edge,
) -> HttpResponse {
    let body = json!({
        "id": id,
        "version": version,
        "responsetime": envelope_time(edge.now()),
        "metadata": null,
        "response": null,
        "errors": [{ "errorCode": code, "message": message }],
    });
    HttpResponse::build(status)
        .content_type(JSON)
        .body(body.to_string())
}
