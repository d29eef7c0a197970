//! `POST /users`
//!
//! Makes a user of the portal at the identity provider
//! (contract clients-users-notifications.md §2.2).

use actix_web::http::StatusCode;
use actix_web::web::Data;
use pms_database::partners;
use pms_domain::user::errors::{ANSWER_UNREADABLE, NOT_AUTHENTICATED, NOT_REGISTERED};
use pms_domain::user::role::may_be_given;
use pms_integrations::keycloak_users::{Attributes, NewUser, UserError};
use pms_web::{ApiError, ApiResult, Body, Caller, Checks, Request};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

const RULE: &str = "should not be null or empty";

/// A user to make. Derives no `Debug`: it holds a password.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct RegisterUser {
    /// Name to log in with; the identity provider keeps it in lower case.
    pub user_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Telephone number.
    pub contact_no: Option<String>,
    /// E-mail address.
    #[serde(rename = "emailID")]
    pub email_id: Option<String>,
    /// Organisation.
    pub organization_name: Option<String>,
    /// Role of the realm: one of the partner types, or any for an administrator.
    pub role: Option<String>,
    /// Partner.
    pub partner_id: Option<String>,
    /// First password.
    pub user_password: Option<String>,
}

impl Request for RegisterUser {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank_or("userName", self.user_name.as_deref(), RULE)
            .not_blank_or("contactNo", self.contact_no.as_deref(), RULE)
            .not_blank_or("emailID", self.email_id.as_deref(), RULE)
            .plain("userName", self.user_name.as_deref())
            .plain("firstName", self.first_name.as_deref())
            .plain("organizationName", self.organization_name.as_deref());
    }
}

/// The user, who exists now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "all members but the first are always null")]
pub struct UserRegistered {
    /// The user name, as sent.
    pub user_id: String,
    pub mobile: Option<String>,
    pub mail: Option<String>,
    pub lang_code: Option<String>,
    pub user_password: Option<String>,
    pub name: Option<String>,
    pub role: Option<String>,
    pub rid: Option<String>,
    pub token: Option<String>,
}

/// Makes a user with one role, unless there is one with this name: then nothing
/// changes.
///
/// # Errors
/// 403 for a role that the caller can't give, and for the name of another user's
/// partner; `PMS_ATH_500` and `PMS_ATH_053` when the identity provider does not do it,
/// with the statuses of contract clients-users-notifications.md §2.2.
pub async fn handle(
    caller: Caller,
    Body(request): Body<RegisterUser>,
    context: Data<Context>,
) -> ApiResult<UserRegistered> {
    let role = request.role.clone().unwrap_or_default();
    let is_admin = caller.is_partner_admin();
    if !may_be_given(&role, is_admin) {
        return Err(ApiError::Forbidden("the caller can't give this role"));
    }
    let user_name = request.user_name.clone().unwrap_or_default();
    let users = &context.keycloak_users;
    if !users
        .exists(&user_name)
        .await
        .map_err(|error| failed(&error))?
    {
        if !is_admin {
            require_free_name(&context, user_name.clone()).await?;
        }
        let user = new_user(request);
        users
            .register(&user, &role)
            .await
            .map_err(|error| failed(&error))?;
        tracing::info!(by = caller.user_id(), role, "a user was registered");
    }
    Ok(UserRegistered {
        user_id: user_name,
        mobile: None,
        mail: None,
        lang_code: None,
        user_password: None,
        name: None,
        role: None,
        rid: None,
        token: None,
    })
}

/// Who logs in under the name of a partner has that partner. So a name that stands
/// for one is given by administrators only.
async fn require_free_name(context: &Context, user_name: String) -> ApiResult<()> {
    let taken = context.db.read(move |conn| {
        let id = partners::exists_with_id(conn, &user_name)?;
        Ok(id || partners::owns_any(conn, &user_name)?)
    });
    if taken.await? {
        return Err(ApiError::Forbidden("the user name stands for a partner"));
    }
    Ok(())
}

fn new_user(request: RegisterUser) -> NewUser {
    let present = |text: Option<String>| text.filter(|text| !text.is_empty());
    let one = |text: Option<String>| present(text).map(|text| [text]);
    NewUser {
        username: request.user_name.unwrap_or_default(),
        first_name: present(request.first_name),
        email: request.email_id.unwrap_or_default(),
        enabled: true,
        attributes: Attributes {
            mobile: [request.contact_no.unwrap_or_default()],
            organization_name: one(request.organization_name),
            partner_id: one(request.partner_id),
        },
        credentials: present(request.user_password)
            .map(|password| SecretString::from(password).into())
            .into_iter()
            .collect(),
    }
}

/// What the wire says when the identity provider does not do it.
fn failed(error: &UserError) -> ApiError {
    if *error != UserError::Hung {
        pms_log::error("registering a user", &error.to_string(), |line| {
            tracing::error!(%error, "{line}");
        });
    }
    let (status, explained) = match error {
        UserError::Refused {
            status, explained, ..
        } => (*status, *explained),
        UserError::Unreadable(_) => return ANSWER_UNREADABLE.into(),
        UserError::Unreachable(_) | UserError::Hung => return NOT_REGISTERED.into(),
    };
    match (status, explained) {
        (401, false) => ApiError::Denied(StatusCode::UNAUTHORIZED, NOT_AUTHENTICATED),
        (401, true) => ApiError::Denied(StatusCode::UNAUTHORIZED, NOT_REGISTERED),
        (403, false) => ApiError::Forbidden("the identity provider refuses our account"),
        (403 | 409, true) => ApiError::Denied(StatusCode::FORBIDDEN, NOT_REGISTERED),
        _ => NOT_REGISTERED.into(),
    }
}
