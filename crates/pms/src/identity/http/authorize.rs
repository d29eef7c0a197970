//! `GET|POST /protocol/openid-connect/auth`: the login page

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::browser::{form_cookie, form_token, is_own_form, session_of};
use super::code_flow::{LoginRequest, Prompt};
use super::form::Form;
use super::{AUTHORIZE, REGISTRATIONS, html};
use crate::identity::Identity;
use crate::identity::addresses::REALM;
use crate::identity::demo_users::{DEMO_PASSWORD, DEMO_USERS};
use crate::identity::login::LoginError;

/// Shows the login page, or sends the browser straight back when it has a login already.
pub(super) async fn show_login(identity: Data<Identity>, request: HttpRequest) -> HttpResponse {
    let login = match LoginRequest::parse(&identity, &request) {
        Ok(login) => login,
        Err(refusal) => return refusal.into(),
    };
    match (login.prompt, session_of(&identity, &request)) {
        (Prompt::IfNeeded | Prompt::Never, Some(session)) => login.success(&identity, &session),
        (Prompt::Never, None) => login.failure("login_required", "Nobody is logged in"),
        (Prompt::IfNeeded, None) | (Prompt::Always, _) => {
            login_page(&identity, &request, StatusCode::OK, Attempt::default())
        }
    }
}

/// Checks user name and password; sends the browser back with a code.
pub(super) async fn submit_login(
    identity: Data<Identity>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let login = match LoginRequest::parse(&identity, &request) {
        Ok(login) => login,
        Err(refusal) => return refusal.into(),
    };
    let form = Form::of_body(&request, &body).unwrap_or_default();
    let username = form.text("username");
    let again = |status, complaint| {
        login_page(
            &identity,
            &request,
            status,
            Attempt {
                username: &username,
                complaint,
            },
        )
    };
    if !is_own_form(&request, &form) {
        return again(
            StatusCode::BAD_REQUEST,
            "The page was too old. Please try again.",
        );
    }
    match identity.0.log_in(&username, form.text("password")).await {
        Ok(user) => {
            let now = identity.0.tokens.clock.now();
            login.success(&identity, &identity.0.sessions.begin(user.id, now))
        }
        Err(LoginError::Wrong) => again(StatusCode::UNAUTHORIZED, "Wrong user name or password."),
        Err(LoginError::TooMany) => {
            let text = "Too many wrong passwords. Please try again in a minute.";
            let mut response = again(StatusCode::TOO_MANY_REQUESTS, text);
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("60"));
            response
        }
    }
}

/// What the page shows of the attempt before.
#[derive(Clone, Copy, Default)]
struct Attempt<'a> {
    username: &'a str,
    complaint: &'a str,
}

fn login_page(
    identity: &Identity,
    request: &HttpRequest,
    status: StatusCode,
    attempt: Attempt<'_>,
) -> HttpResponse {
    let token = form_token(request);
    let query = request.query_string();
    let complaint = match attempt.complaint {
        "" => String::new(),
        text => html::complaint(text),
    };
    let name = "\"text\" autocomplete=\"username\" autofocus required";
    let password = "\"password\" autocomplete=\"current-password\" required";
    let fields = [
        html::input("username", "User name or e-mail", name, attempt.username),
        html::input("password", "Password", password, ""),
    ]
    .concat();
    let form = html::form(
        &format!("{REALM}{AUTHORIZE}?{query}"),
        &token,
        &fields,
        "Log in",
    );
    let register = html::escape(&format!("{REALM}{REGISTRATIONS}?{query}"));
    let names: Vec<String> = DEMO_USERS
        .iter()
        .map(|user| format!("<code>{}</code>", user.username))
        .collect();
    let body = format!(
        "{complaint}{form}<p>New here? <a id=\"register\" href=\"{register}\">Register</a></p>\
         <p class=\"hint\">Demo users, password <code>{DEMO_PASSWORD}</code>: {}</p>",
        names.join(", ")
    );
    let mut response = html::page(status, "Log in", &body, identity.0.addresses.form_targets());
    let cookie = form_cookie(&identity.0.addresses, token);
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(%error, "the form's cookie can't be set");
    }
    response
}
