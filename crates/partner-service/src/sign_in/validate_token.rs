//! GET /v1/partnermanager/authorize/admin/validateToken (contract auth.md §5.3):
//! tells the portal who is logged in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_domain::sign_in::errors::{NO_COOKIES, NO_TOKEN_COOKIE, NOT_AUTHENTICATED};
use pms_web::auth::Token;
use pms_web::http_error::JSON;
use pms_web::route::Whole;
use pms_web::{ApiResult, Caller, Edge, Visitor};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{envelope, refusal};
use super::cookies;
use super::page::RefusedAction;
use crate::Context;

/// Says what the token says. The caller has shown that it is valid.
pub async fn handle(
    visitor: Visitor,
    request: HttpRequest,
    context: web::Data<Context>,
) -> ApiResult<Whole> {
    let sign_in = &context.sign_in;
    let token = match visitor.caller().map(Caller::token) {
        None => Err((StatusCode::UNAUTHORIZED, NOT_AUTHENTICATED)),
        Some(_) if !cookies::any(request.headers()) => Err((StatusCode::OK, NO_COOKIES)),
        Some(_) if !cookies::has_token(request.headers()) => Err((StatusCode::OK, NO_TOKEN_COOKIE)),
        Some(token) => Ok(token),
    };
    let token = match token {
        Ok(token) => token,
        Err((status, missing)) => {
            let home = sign_in.allowed.home();
            let refused = (status, &missing.into());
            let answer = refusal(&request, RefusedAction::Login, refused, home.as_deref());
            return Ok(Whole(answer));
        }
    };
    let profile = profile(token, sign_in.hide_token_signature);
    let cookie = sign_in
        .cookies
        .token(token, Edge::of(&request).now().timestamp());
    Ok(Whole(
        HttpResponse::Ok()
            .content_type(JSON)
            .cookie(cookie)
            .body(envelope(&request, &profile, &Value::Null)),
    ))
}

/// The claims that no other use case needs.
#[derive(Default, Deserialize)]
struct OtherClaims {
    #[serde(default)]
    mobile: Option<String>,
}

fn profile(token: &Token, hide_signature: bool) -> Value {
    let raw = token.raw.expose_secret();
    let more = more(raw).unwrap_or_default();
    let shown = if hide_signature {
        without_signature(raw)
    } else {
        raw.to_owned()
    };
    json!({
        "userId": token.user_id,
        "mobile": more.mobile,
        "mail": token.mail,
        "langCode": null,
        "userPassword": null,
        "name": token.subject,
        "role": token.roles.join(","),
        "rid": null,
        "token": shown,
    })
}

fn more(raw: &str) -> Option<OtherClaims> {
    let claims = URL_SAFE_NO_PAD.decode(raw.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// The same claims under a signature that is none: scripts can read the token,
/// but not use it.
fn without_signature(raw: &str) -> String {
    let (signed, signature) = raw.rsplit_once('.').unwrap_or((raw, ""));
    format!("{signed}.{}", "A".repeat(signature.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_signature_leaves_the_claims() {
        assert_eq!(without_signature("head.claims.seal"), "head.claims.AAAA");
    }
}
