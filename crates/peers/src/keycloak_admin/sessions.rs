//! The admin's tokens: opaque, good for a minute, renewable for half an hour.

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use url::form_urlencoded;
use uuid::Uuid;

use super::{Admin, Answer, Fields, Rejected, http_error};
use crate::{Incoming, Newest};

/// The client that the admin's tokens are for.
const CLIENT: &str = "admin-cli";
/// Seconds that a token is good.
const ACCESS_SECONDS: i64 = 60;
/// Seconds that it can be renewed.
const REFRESH_SECONDS: i64 = 1800;

/// The tokens that were given last.
pub(super) struct Sessions {
    admin: Admin,
    given: Newest<Given>,
}

struct Given {
    access: String,
    refresh: String,
    session: Uuid,
    at: DateTime<Utc>,
}

impl Sessions {
    pub(super) fn new(admin: Admin) -> Self {
        Self {
            admin,
            given: Newest::default(),
        }
    }

    /// Whether this token was given to the admin, and is still good.
    pub(super) fn is_admins(&self, token: &str, now: DateTime<Utc>) -> bool {
        let found = self
            .given
            .find_map(|given| (given.access == token).then_some(given.at));
        found.is_some_and(|at| now < at + TimeDelta::seconds(ACCESS_SECONDS))
    }

    /// Answers at the token endpoint.
    pub(super) fn token(&self, incoming: &Incoming<'_>) -> Answer {
        if incoming.request.method() != Method::POST {
            return Err(http_error(StatusCode::METHOD_NOT_ALLOWED));
        }
        let form: Fields = form_urlencoded::parse(incoming.body).into_owned().collect();
        let sent = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        if sent("client_id") != CLIENT {
            let reason = "Invalid client or Invalid client credentials";
            return Err(oauth(StatusCode::UNAUTHORIZED, "invalid_client", reason));
        }
        match sent("grant_type") {
            "" => Err(oauth(
                StatusCode::BAD_REQUEST,
                "invalid_request",
                "Missing form parameter: grant_type",
            )),
            "password" => {
                let known = sent("username").to_lowercase() == self.admin.username.to_lowercase()
                    && sent("password") == self.admin.password;
                if !known {
                    let reason = "Invalid user credentials";
                    return Err(oauth(StatusCode::UNAUTHORIZED, "invalid_grant", reason));
                }
                Ok(self.give(Uuid::new_v4(), incoming.now))
            }
            "refresh_token" => {
                let session = self.renewable(sent("refresh_token"), incoming.now)?;
                Ok(self.give(session, incoming.now))
            }
            _ => Err(oauth(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "Unsupported grant_type",
            )),
        }
    }

    fn renewable(&self, refresh: &str, now: DateTime<Utc>) -> Result<Uuid, Rejected> {
        let found = self
            .given
            .find_map(|given| (given.refresh == refresh).then_some((given.session, given.at)));
        let invalid = |reason| oauth(StatusCode::BAD_REQUEST, "invalid_grant", reason);
        let (session, at) = found.ok_or_else(|| invalid("Invalid refresh token"))?;
        if at + TimeDelta::seconds(REFRESH_SECONDS) <= now {
            return Err(invalid("Token is not active"));
        }
        Ok(session)
    }

    fn give(&self, session: Uuid, at: DateTime<Utc>) -> HttpResponse {
        self.given
            .retain(|given| at < given.at + TimeDelta::seconds(REFRESH_SECONDS));
        let token = || format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let (access, refresh) = (token(), token());
        let answer = json!({
            "access_token": access,
            "expires_in": ACCESS_SECONDS,
            "refresh_expires_in": REFRESH_SECONDS,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "session_state": session,
            "scope": "profile email",
        });
        let given = Given {
            access,
            refresh,
            session,
            at,
        };
        self.given.push(given, 200);
        HttpResponse::Ok()
            .insert_header(("Cache-Control", "no-store"))
            .json(answer)
    }
}

fn oauth(status: StatusCode, error: &str, description: &str) -> Rejected {
    Rejected {
        status,
        body: json!({ "error": error, "error_description": description }),
    }
}
