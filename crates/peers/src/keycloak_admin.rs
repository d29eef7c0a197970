//! The admin API of Keycloak, for one realm, as far as partner management uses
//! it (contract of clients, contract clients-users-notifications.md §2.2;
//! contract config-and-deploy.md §8).
//!
//! | method and path | needs |
//! |---|---|
//! | `POST /realms/master/protocol/openid-connect/token` | the admin's password, or a refresh token |
//! | `GET /admin/realms/{realm}/users?username=&exact=&first=&max=` | `view-users` |
//! | `POST /admin/realms/{realm}/users` | `manage-users` |
//! | `GET` and `DELETE /admin/realms/{realm}/users/{id}` | `view-users`, `manage-users` |
//! | `GET` and `POST /admin/realms/{realm}/users/{id}/role-mappings/realm` | `view-users`, `manage-users` |
//! | `GET /admin/realms/{realm}/roles/{role}` | `view-realm` |
//! | `GET /admin/realms/{realm}/roles/{role}/users?first=&max=` | `view-realm` and `view-users` |
//!
//! Every path also works below `/auth`, as that of older servers. The token is
//! a bearer token: either one of the admin, who may do everything, or one of
//! the realm that gives the roles above.

mod roles;
mod sessions;
mod users;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::Query;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{Incoming, Needs, Newest, Work, header};
use sessions::Sessions;

pub use users::{Credential, NewUser, User};

/// Path of the admin API of the realm `mosip`.
pub const PATH: &str = "/admin/realms/mosip";
/// Path of the admin's token endpoint.
pub const TOKEN_PATH: &str = "/realms/master/protocol/openid-connect/token";

const VIEW_USERS: &str = "view-users";
const MANAGE_USERS: &str = "manage-users";
const VIEW_REALM: &str = "view-realm";

/// The roles of the realm's partners and managers.
const ROLES: [&str; 12] = [
    "ABIS_PARTNER",
    "AUTH_PARTNER",
    "CREDENTIAL_PARTNER",
    "DEVICE_PROVIDER",
    "FTM_PROVIDER",
    "MANUAL_ADJUDICATION",
    "MISP_PARTNER",
    "ONLINE_VERIFICATION_PARTNER",
    "PARTNER_ADMIN",
    "POLICYMANAGER",
    "SDK_PARTNER",
    "default-roles-mosip",
];

/// Who may ask for the admin's tokens. Derives no `Debug`.
#[derive(Clone)]
pub struct Admin {
    /// User name in the realm `master`.
    pub username: String,
    /// Password.
    pub password: String,
}

/// A realm with users and roles.
pub struct KeycloakAdmin {
    realm: String,
    users: Newest<User>,
    /// Name → id.
    roles: Mutex<BTreeMap<String, String>>,
    sessions: Sessions,
}

/// Query parameters and form fields.
type Fields = HashMap<String, String>;

/// Why the API says no.
struct Rejected {
    status: StatusCode,
    body: Value,
}

type Answer = Result<HttpResponse, Rejected>;

impl KeycloakAdmin {
    /// The realm `mosip` with the roles of partners, and no user in it.
    pub fn new(admin: Admin) -> Self {
        let roles = ROLES.map(|role| (role.to_owned(), Uuid::new_v4().to_string()));
        Self {
            realm: "mosip".to_owned(),
            users: Newest::default(),
            roles: Mutex::new(roles.into()),
            sessions: Sessions::new(admin),
        }
    }

    /// The users, oldest first.
    pub fn users(&self) -> Vec<User> {
        self.users.all()
    }

    /// Has this realm role from now on.
    pub fn add_role(&self, name: &str) {
        let mut roles = self.roles();
        roles
            .entry(name.to_owned())
            .or_insert_with(|| Uuid::new_v4().to_string());
    }

    /// Has this realm role no longer; who had it keeps it.
    pub fn remove_role(&self, name: &str) {
        self.roles().remove(name);
    }

    fn roles(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.roles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admin(&self, incoming: &Incoming<'_>, path: &[&str]) -> Answer {
        let access = self.access(incoming)?;
        let ["admin", "realms", realm, resource @ ..] = path else {
            return Err(not_found("Unable to find matching target resource method"));
        };
        if *realm != self.realm {
            return Err(not_found("Realm not found."));
        }
        let query: Fields = Query::from_query(incoming.request.query_string())
            .map(Query::into_inner)
            .unwrap_or_default();
        match (incoming.request.method().as_str(), resource) {
            ("GET", ["users"]) => access.needs(VIEW_USERS, || self.list_users(&query)),
            ("POST", ["users"]) => access.needs(MANAGE_USERS, || self.create_user(incoming)),
            ("GET", ["users", id]) => access.needs(VIEW_USERS, || self.get_user(id)),
            ("DELETE", ["users", id]) => access.needs(MANAGE_USERS, || self.remove_user(id)),
            ("GET", ["users", id, "role-mappings", "realm"]) => {
                access.needs(VIEW_USERS, || self.list_mappings(id))
            }
            ("POST", ["users", id, "role-mappings", "realm"]) => {
                access.needs(MANAGE_USERS, || self.add_mappings(id, incoming.body))
            }
            ("GET", ["roles", role]) => access.needs(VIEW_REALM, || self.get_role(role)),
            ("GET", ["roles", role, "users"]) => access.needs(VIEW_REALM, || {
                access.needs(VIEW_USERS, || self.list_role_users(role, &query))
            }),
            (_, ["users" | "roles", ..]) => Err(http_error(StatusCode::METHOD_NOT_ALLOWED)),
            _ => Err(not_found("Unable to find matching target resource method")),
        }
    }

    fn access<'r>(&self, incoming: &Incoming<'r>) -> Result<Access<'r>, Rejected> {
        // A cookie is nothing to Keycloak.
        let bearer = header(incoming.request, "authorization");
        let token = incoming.token.filter(|token| {
            bearer.is_some_and(|bearer| bearer.strip_prefix("Bearer ") == Some(*token))
        });
        let token = token.ok_or_else(|| http_error(StatusCode::UNAUTHORIZED))?;
        if self.sessions.is_admins(token, incoming.now) {
            return Ok(Access::Admin);
        }
        let claims = incoming.claims.map(Access::Realm);
        claims.ok_or_else(|| http_error(StatusCode::UNAUTHORIZED))
    }
}

/// What a token lets its holder do.
#[derive(Clone, Copy)]
enum Access<'r> {
    Admin,
    Realm(&'r crate::Claims),
}

impl Access<'_> {
    fn needs(self, role: &str, work: impl FnOnce() -> Answer) -> Answer {
        match self {
            Self::Realm(claims) if !claims.has_role(role) => Err(http_error(StatusCode::FORBIDDEN)),
            Self::Admin | Self::Realm(_) => work(),
        }
    }
}

impl Work for KeycloakAdmin {
    fn needs(&self, _method: &Method, _path: &str) -> Needs {
        // It looks at tokens itself: its own are not the realm's.
        Needs::default()
    }

    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = below_auth(incoming.path);
        let segments: Vec<String> = path.split('/').skip(1).map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let answer = match *segments {
            ["realms", realm, "protocol", "openid-connect", "token"] => {
                if realm == "master" {
                    self.sessions.token(incoming)
                } else {
                    Err(not_found("Realm does not exist"))
                }
            }
            _ => self.admin(incoming, &segments),
        };
        answer.unwrap_or_else(HttpResponse::from)
    }
}

impl From<Rejected> for HttpResponse {
    fn from(rejected: Rejected) -> Self {
        Self::build(rejected.status).json(rejected.body)
    }
}

fn not_found(reason: &str) -> Rejected {
    Rejected {
        status: StatusCode::NOT_FOUND,
        body: json!({ "error": reason }),
    }
}

/// Refuses with nothing but the name of the status.
fn http_error(status: StatusCode) -> Rejected {
    Rejected {
        status,
        body: json!({ "error": format!("HTTP {status}") }),
    }
}

/// Refuses what the caller sent, in the admin API's own words.
fn error_message(status: StatusCode, message: &str) -> Rejected {
    Rejected {
        status,
        body: json!({ "errorMessage": message }),
    }
}

/// The part of a list that `first` and `max` ask for; all of it when `max` is
/// negative.
fn page<T>(all: impl Iterator<Item = T>, query: &Fields) -> Vec<T> {
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    let first = number("first").and_then(|first| usize::try_from(first).ok());
    let rest = all.skip(first.unwrap_or_default());
    match usize::try_from(number("max").unwrap_or(100)) {
        Ok(max) => rest.take(max).collect(),
        Err(_negative) => rest.collect(),
    }
}

/// The path without the `/auth` of older servers.
fn below_auth(path: &str) -> &str {
    let below = path.strip_prefix("/auth");
    below.filter(|below| below.starts_with('/')).unwrap_or(path)
}
