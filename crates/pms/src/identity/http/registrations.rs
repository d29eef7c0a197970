//! `GET|POST /protocol/openid-connect/registrations`: the self-registration page
//! (contract portal.md §2.4)

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use super::browser::{form_cookie, form_token, is_own_form};
use super::code_flow::LoginRequest;
use super::form::Form;
use super::{REGISTRATIONS, html};
use crate::identity::Identity;
use crate::identity::addresses::REALM;
use crate::identity::login::RegisterError;
use crate::identity::partner_types;
use crate::identity::registration::{NewUser, Problem};

const LANGUAGES: [(&str, &str); 3] = [("eng", "English"), ("fra", "Français"), ("ara", "العربية")];

/// Shows the page.
pub(super) async fn show_registration(
    identity: Data<Identity>,
    request: HttpRequest,
) -> HttpResponse {
    let empty = NewUser {
        partner_type: partner_types::DEFAULT.to_owned(),
        ..NewUser::default()
    };
    registration_page(&identity, &request, StatusCode::OK, &empty, &[])
}

/// Registers the user. When the page was opened for a login, the browser goes back logged in.
pub(super) async fn submit_registration(
    identity: Data<Identity>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let form = Form::of_body(&request, &body).unwrap_or_default();
    let new = new_user(&form);
    let again = |status, problems: &[Problem]| {
        registration_page(&identity, &request, status, &new, problems)
    };
    if !is_own_form(&request, &form) {
        let text = "The page was too old. Please try again.";
        return again(StatusCode::BAD_REQUEST, &[Problem { field: "", text }]);
    }
    let problems = page_problems(&form, &new);
    if !problems.is_empty() {
        return again(StatusCode::BAD_REQUEST, &problems);
    }
    let failed = |text| {
        again(
            StatusCode::INTERNAL_SERVER_ERROR,
            &[Problem { field: "", text }],
        )
    };
    match identity.0.register(new.clone()).await {
        Ok(user) => {
            let Ok(login) = LoginRequest::parse(&identity, &request) else {
                let text = "You are registered and can log in now.";
                return html::message(StatusCode::CREATED, "Welcome", text);
            };
            let now = identity.0.tokens.clock.now();
            login.success(&identity, &identity.0.sessions.begin(user.id, now))
        }
        Err(RegisterError::Invalid(problems)) => again(StatusCode::BAD_REQUEST, &problems),
        Err(RegisterError::Taken(problem)) => again(StatusCode::CONFLICT, &[problem]),
        Err(RegisterError::Full) => failed("No more users can be registered."),
        Err(RegisterError::Failed(error)) => {
            tracing::error!(%error, "a user can't be registered");
            failed("You could not be registered; the reason is in the log.")
        }
    }
}

/// The fields as Keycloak's page names them, with and without `user.attributes.`.
fn new_user(form: &Form) -> NewUser {
    let attribute = |name: &str| {
        form.get(&format!("user.attributes.{name}"))
            .or_else(|| form.get(name))
            .unwrap_or_default()
            .to_owned()
    };
    NewUser {
        username: form.text("username"),
        password: form.text("password"),
        email: form.text("email"),
        first_name: form.text("firstName"),
        last_name: form.text("lastName"),
        phone_number: attribute("phoneNumber"),
        organization_name: attribute("organizationName"),
        address: attribute("address"),
        partner_type: attribute("partnerType"),
        lang_code: attribute("langCode"),
        roles: Vec::new(),
    }
}

/// What is wrong: the user's own rules, and those that only the page has.
fn page_problems(form: &Form, new: &NewUser) -> Vec<Problem> {
    let mut problems = new.problems();
    if form.text("password-confirm") != new.password {
        let text = "The two passwords differ.";
        problems.push(Problem {
            field: "password-confirm",
            text,
        });
    }
    let offered = partner_types::find(&new.partner_type)
        .is_none_or(|partner_type| partner_type.label.is_some());
    if !offered {
        let text = "This partner type can't be chosen.";
        problems.push(Problem {
            field: "partnerType",
            text,
        });
    }
    problems
}

fn registration_page(
    identity: &Identity,
    request: &HttpRequest,
    status: StatusCode,
    new: &NewUser,
    problems: &[Problem],
) -> HttpResponse {
    let token = form_token(request);
    let action = format!("{REALM}{REGISTRATIONS}?{}", request.query_string());
    let form = html::form(&action, &token, &fields(new, problems), "Register");
    let general: String = problems
        .iter()
        .filter(|p| p.field.is_empty())
        .map(|p| html::complaint(p.text))
        .collect();
    let targets = identity.0.addresses.form_targets();
    let mut response = html::page(status, "Register", &format!("{general}{form}"), targets);
    let cookie = form_cookie(&identity.0.addresses, token);
    if let Err(error) = response.add_cookie(&cookie) {
        tracing::error!(%error, "the form's cookie can't be set");
    }
    response
}

fn fields(new: &NewUser, problems: &[Problem]) -> String {
    let types: Vec<(&str, &str)> = partner_types::ALL
        .iter()
        .filter_map(|known| known.label.map(|label| (known.code, label)))
        .collect();
    let text = "\"text\" required maxlength=\"128\"";
    let email = "\"email\" required maxlength=\"128\" autocomplete=\"email\"";
    let name = "\"text\" required maxlength=\"36\" autocomplete=\"username\"";
    let secret = "\"password\" required minlength=\"4\" autocomplete=\"new-password\"";
    let type_field = "user.attributes.partnerType";
    let language_field = "user.attributes.langCode";
    let rows = [
        (
            "firstName",
            html::input("firstName", "First name", text, &new.first_name),
        ),
        (
            "lastName",
            html::input("lastName", "Last name", text, &new.last_name),
        ),
        (
            "organizationName",
            html::input(
                "organizationName",
                "Organisation",
                text,
                &new.organization_name,
            ),
        ),
        (
            "partnerType",
            html::select(type_field, "Partner type", &types, &new.partner_type),
        ),
        (
            "address",
            html::input("address", "Address", text, &new.address),
        ),
        ("email", html::input("email", "E-mail", email, &new.email)),
        (
            "phoneNumber",
            html::input("phoneNumber", "Phone", text, &new.phone_number),
        ),
        (
            "langCode",
            html::select(language_field, "Language", &LANGUAGES, &new.lang_code),
        ),
        (
            "username",
            html::input("username", "User name", name, &new.username),
        ),
        ("password", html::input("password", "Password", secret, "")),
        (
            "password-confirm",
            html::input("password-confirm", "Password again", secret, ""),
        ),
    ];
    let with_complaints = rows.into_iter().map(|(field, row)| {
        let complaints = problems.iter().filter(|problem| problem.field == field);
        complaints.fold(row, |row, problem| row + &html::complaint(problem.text))
    });
    with_complaints.collect()
}
