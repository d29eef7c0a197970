//! The users of the realm.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Fields, KeycloakAdmin, Rejected, error_message, http_error, not_found, page};
use crate::{Incoming, header};

/// Bytes that a user takes, about.
const BYTES: usize = 1_000;

/// A user. Derives no `Debug`: it is a person.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Id that the realm gave.
    pub id: String,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// What it was made of; the user name is in lower case.
    pub submitted: NewUser,
    /// Names of its realm roles.
    pub roles: Vec<String>,
}

/// What a user is made of. Derives no `Debug`: it holds passwords.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewUser {
    /// User name.
    pub username: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the user may log in.
    pub enabled: bool,
    /// Attributes; those without a value are left out.
    pub attributes: Option<BTreeMap<String, Vec<Option<String>>>>,
    /// Passwords.
    pub credentials: Option<Vec<Credential>>,
}

/// How a user logs in.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Credential {
    /// `password`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The password.
    pub value: Option<String>,
}

impl User {
    fn new(mut submitted: NewUser, roles: &[&str], at: DateTime<Utc>) -> Self {
        submitted.username = submitted.username.map(|name| name.to_lowercase());
        let email = submitted.email.map(|email| email.to_lowercase());
        submitted.email = email.filter(|email| !email.is_empty());
        Self {
            id: Uuid::new_v4().to_string(),
            at,
            submitted,
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
        }
    }

    /// Why both can't be in one realm.
    fn conflict(&self, known: &Self) -> Option<&'static str> {
        if self.name() == known.name() {
            Some("User exists with same username")
        } else if self.submitted.email.is_some() && self.submitted.email == known.submitted.email {
            Some("User exists with same email")
        } else {
            None
        }
    }

    fn name(&self) -> &str {
        self.submitted.username.as_deref().unwrap_or_default()
    }

    pub(super) fn representation(&self) -> Value {
        let submitted = &self.submitted;
        let mut user = json!({
            "id": self.id,
            "createdTimestamp": self.at.timestamp_millis(),
            "username": self.name(),
            "enabled": submitted.enabled,
            "totp": false,
            "emailVerified": false,
        });
        let texts = [
            ("firstName", &submitted.first_name),
            ("lastName", &submitted.last_name),
            ("email", &submitted.email),
        ];
        let Some(members) = user.as_object_mut() else {
            return user;
        };
        for (name, text) in texts {
            if let Some(text) = text {
                members.insert(name.to_owned(), json!(text));
            }
        }
        let attributes = submitted
            .attributes
            .iter()
            .flatten()
            .filter_map(|(name, values)| {
                let values: Vec<&String> = values.iter().flatten().collect();
                (!values.is_empty()).then(|| (name.clone(), json!(values)))
            });
        let attributes: serde_json::Map<String, Value> = attributes.collect();
        if !attributes.is_empty() {
            members.insert("attributes".to_owned(), attributes.into());
        }
        members.insert("disableableCredentialTypes".to_owned(), json!([]));
        members.insert("requiredActions".to_owned(), json!([]));
        members.insert("notBefore".to_owned(), json!(0));
        user
    }
}

impl KeycloakAdmin {
    /// Knows a user from now on, whatever the realm holds.
    pub fn add_user(&self, submitted: NewUser, roles: &[&str], at: DateTime<Utc>) -> User {
        let user = User::new(submitted, roles, at);
        self.users.push(user.clone(), BYTES);
        user
    }

    pub(super) fn user(&self, id: &str) -> Result<User, Rejected> {
        let found = self
            .users
            .find_map(|user| (user.id == id).then(|| user.clone()));
        found.ok_or_else(|| not_found("User not found"))
    }

    pub(super) fn list_users(&self, query: &Fields) -> Answer {
        let wanted = query.get("username").map(|name| name.to_lowercase());
        let exact = query.get("exact").is_some_and(|exact| exact == "true");
        let matches = |user: &User| {
            wanted.as_deref().is_none_or(|wanted| {
                if exact {
                    user.name() == wanted
                } else {
                    user.name().contains(wanted)
                }
            })
        };
        let mut users = self.users.all();
        users.retain(matches);
        users.sort_by(|one, other| one.name().cmp(other.name()));
        let users = page(users.iter().map(User::representation), query);
        Ok(HttpResponse::Ok().json(users))
    }

    pub(super) fn get_user(&self, id: &str) -> Answer {
        Ok(HttpResponse::Ok().json(self.user(id)?.representation()))
    }

    pub(super) fn remove_user(&self, id: &str) -> Answer {
        self.user(id)?;
        self.users.retain(|user| user.id != id);
        Ok(HttpResponse::NoContent().finish())
    }

    pub(super) fn create_user(&self, incoming: &Incoming<'_>) -> Answer {
        let is_json = header(incoming.request, "content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        if !is_json {
            return Err(http_error(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let submitted: NewUser =
            serde_json::from_slice(incoming.body).map_err(|_error| Rejected {
                status: StatusCode::BAD_REQUEST,
                body: json!({ "error": "unable to read contents from stream" }),
            })?;
        // Roles in the body are nothing to Keycloak.
        let user = User::new(submitted, &["default-roles-mosip"], incoming.now);
        if user.name().is_empty() {
            let reason = "User name is missing";
            return Err(error_message(StatusCode::BAD_REQUEST, reason));
        }
        self.users
            .push_unless(user.clone(), BYTES, |known| user.conflict(known))
            .map_err(|reason| error_message(StatusCode::CONFLICT, reason))?;
        let location = format!("{}{}/{}", incoming.base, incoming.path, user.id);
        Ok(HttpResponse::Created()
            .insert_header(("Location", location))
            .finish())
    }
}
