//! The development identity provider: Keycloak's URL layout and token shapes, for one realm
//! (`mosip`), with users whose password is public. Never for production; see
//! [`NON_LOOPBACK_WARNING`].
//!
//! Everything lies below `/auth/realms/mosip`:
//!
//! | path | what |
//! |---|---|
//! | `/.well-known/openid-configuration` | discovery |
//! | `/protocol/openid-connect/certs` | JWKS |
//! | `/protocol/openid-connect/token` | grants: code (PKCE S256), password, client credentials, refresh |
//! | `/protocol/openid-connect/auth` | login page |
//! | `/protocol/openid-connect/registrations` | self-registration page |
//! | `/protocol/openid-connect/userinfo` | who a token is about |
//! | `/protocol/openid-connect/logout` | GET for browsers, POST with a refresh token |
//! | `/dev/users` | POST: registers a user with any roles; JSON |
//!
//! `POST /dev/users` takes `{"username","password"}` and optionally `email`, `firstName`,
//! `lastName`, `phoneNumber`, `organizationName`, `address`, `partnerType`, `langCode` and
//! `roles`; without roles the user gets the one of its partner type (`AUTH_PARTNER` unless
//! said). 201 with the user, 409 when name or e-mail is taken, 400 with the wrong fields.
//!
//! Clients: `mosip-pms-client` (confidential: portal logins, service account, password grant),
//! `pms-demo` (public, password grant), `pms-portal` (public, PKCE), and the other MOSIP
//! service accounts that matter to PMS. Confidential clients share one secret.

mod addresses;
mod attempts;
mod bounded;
mod claims;
mod clients;
mod codes;
mod demo_users;
mod http;
mod keys;
mod login;
mod options;
mod partner_types;
mod passwords;
mod private_file;
mod refresh;
mod registration;
mod sessions;
mod tokens;
mod users;

use std::sync::Arc;

use actix_web::web::ServiceConfig;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use url::Url;

pub(crate) use addresses::is_loopback;
pub use demo_users::{DEMO_PASSWORD, DEMO_USERS, DemoUser};
pub use options::{IdentityError, IdentityOptions, NON_LOOPBACK_WARNING};

use addresses::Addresses;
use attempts::Attempts;
use clients::{Client, DEMO_CLIENT};
use codes::Codes;
use keys::SigningKey;
use refresh::RefreshTokens;
use sessions::Sessions;
use tokens::{TokenMaker, UserGrant, time_delta};
use users::Directory;

/// Passwords hashed at the same time; each takes 19 MiB and a thread.
const MAX_HASHING: usize = 2;

/// The identity provider. Clones share everything.
#[derive(Clone)]
pub struct Identity(Arc<Provider>);

/// What an access token lets its holder do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants {
    /// Realm roles.
    pub roles: Vec<String>,
    /// Roles at the provider's own admin API (`realm-management`).
    pub admin_roles: Vec<String>,
    /// Scopes.
    pub scopes: Vec<String>,
}

/// The state behind an [`Identity`].
struct Provider {
    addresses: Addresses,
    tokens: TokenMaker,
    users: Directory,
    sessions: Sessions,
    codes: Codes,
    refresh: RefreshTokens,
    attempts: Attempts,
    hashing: Semaphore,
    client_secret: SecretString,
}

impl Identity {
    /// Reads key and users from the data directory; the first time, makes the key.
    ///
    /// # Errors
    /// When the directory or a file of it can't be read, written or understood, or when
    /// `issuer_base` is not an http(s) address.
    pub fn open(options: IdentityOptions) -> Result<Self, IdentityError> {
        let addresses = Addresses::new(&options)?;
        let key = SigningKey::open(&options.data_dir)?;
        let tokens = TokenMaker {
            issuer: addresses.issuer().to_string(),
            key,
            access_lifetime: time_delta(options.access_lifetime),
            clock: options.clock,
        };
        Ok(Self(Arc::new(Provider {
            addresses,
            tokens,
            users: Directory::open(&options.data_dir)?,
            sessions: Sessions::new(time_delta(options.session_lifetime)),
            codes: Codes::new(),
            refresh: RefreshTokens::new(),
            attempts: Attempts::new(),
            hashing: Semaphore::new(MAX_HASHING),
            client_secret: options.client_secret,
        })))
    }

    /// Adds the provider's pages and endpoints to a server.
    pub fn configure(&self, app: &mut ServiceConfig) {
        http::configure(app, self.clone());
    }

    /// The claim `iss` of its tokens.
    pub fn issuer(&self) -> Url {
        self.0.addresses.issuer().clone()
    }

    /// Where its public key can be fetched.
    pub fn jwks_url(&self) -> Url {
        self.0.addresses.endpoint(http::CERTS)
    }

    /// Where clients get their tokens.
    pub fn token_endpoint(&self) -> Url {
        self.0.addresses.endpoint(http::TOKEN)
    }

    /// The users that are always there.
    pub fn demo_users(&self) -> &'static [DemoUser] {
        &DEMO_USERS
    }

    /// An access token of a user (by name or e-mail address), without a login.
    ///
    /// # Errors
    /// When there is no such user, or signing fails.
    pub fn mint(&self, user: &str) -> Result<String, IdentityError> {
        let unknown = || IdentityError::UnknownUser(user.to_owned());
        let found = self.0.users.find(user).ok_or_else(unknown)?;
        let client = Client::find(DEMO_CLIENT).ok_or_else(unknown)?;
        let session = self
            .0
            .sessions
            .unlisted(found.id, self.0.tokens.clock.now());
        let scope = client.scope("").unwrap_or_default();
        let grant = UserGrant {
            user: &found,
            client,
            scope: &scope,
            session: &session,
        };
        self.0.tokens.access(&grant)
    }

    /// An access token of a client's service account, e.g. of `mosip-pms-client`.
    ///
    /// # Errors
    /// When the client has no service account, or signing fails.
    pub fn mint_service_account(&self, client: &str) -> Result<String, IdentityError> {
        let found = Client::find(client)
            .filter(|client| !client.service_roles.is_empty())
            .ok_or_else(|| IdentityError::UnknownUser(client.to_owned()))?;
        let scope = found.scope("").unwrap_or_default();
        self.0.tokens.service(found, &scope)
    }

    /// The realm roles of an access token; `None` when it isn't ours, has expired, or its
    /// login was ended.
    pub fn roles_of(&self, access_token: &str) -> Option<Vec<String>> {
        self.grants_of(access_token).map(|grants| grants.roles)
    }

    /// What an access token lets its holder do; `None` as with [`Self::roles_of`].
    pub fn grants_of(&self, access_token: &str) -> Option<Grants> {
        let claims = self.0.tokens.read_access(access_token)?;
        let ended = claims.sid.is_some_and(|sid| self.0.sessions.was_ended(sid));
        (!ended).then_some(Grants {
            roles: claims.realm_access.roles,
            admin_roles: claims.resource_access.realm_management.roles,
            scopes: claims
                .scope
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }
}
