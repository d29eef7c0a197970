//! Makes tokens and reads them back.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use pms_database::Clock;
use serde::Serialize;
use uuid::Uuid;

use super::claims::{
    AUDIENCE, AccessClaims, Base, IdClaims, Person, ReadClaims, RealmAccess, ResourceAccess,
};
use super::clients::Client;
use super::demo_users::stable_id;
use super::keys::SigningKey;
use super::options::IdentityError;
use super::sessions::Session;
use super::users::User;

/// Signs tokens in the issuer's name.
pub(super) struct TokenMaker {
    pub(super) issuer: String,
    pub(super) key: SigningKey,
    pub(super) access_lifetime: TimeDelta,
    pub(super) clock: Clock,
}

/// Which login a user's tokens belong to, and for whom they are made.
pub(super) struct UserGrant<'a> {
    pub(super) user: &'a User,
    pub(super) client: &'static Client,
    pub(super) scope: &'a str,
    pub(super) session: &'a Session,
}

/// What the token endpoint answers.
#[derive(Serialize)]
pub(super) struct TokenResponse {
    pub(super) access_token: String,
    pub(super) expires_in: i64,
    pub(super) refresh_expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
    pub(super) token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id_token: Option<String>,
    #[serde(rename = "not-before-policy")]
    pub(super) not_before_policy: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session_state: Option<Uuid>,
    pub(super) scope: String,
}

impl TokenMaker {
    /// An access token of a user.
    pub(super) fn access(&self, grant: &UserGrant<'_>) -> Result<String, IdentityError> {
        let claims = AccessClaims {
            base: self.user_base(grant, "Bearer"),
            aud: AUDIENCE,
            realm_access: RealmAccess {
                roles: grant.user.roles.as_slice(),
            },
            resource_access: None,
            scope: grant.scope,
            person: Person::of_user(grant.user),
        };
        self.key.sign(&claims)
    }

    /// An ID token of a user.
    pub(super) fn id(
        &self,
        grant: &UserGrant<'_>,
        nonce: Option<&str>,
    ) -> Result<String, IdentityError> {
        let claims = IdClaims {
            base: self.user_base(grant, "ID"),
            aud: grant.client.id,
            nonce,
            person: Person::of_user(grant.user),
        };
        self.key.sign(&claims)
    }

    /// An access token of a client's service account.
    pub(super) fn service(
        &self,
        client: &'static Client,
        scope: &str,
    ) -> Result<String, IdentityError> {
        let account = client.service_account();
        let claims = AccessClaims {
            base: self.base(stable_id("service account", client.id), client, "Bearer"),
            aud: AUDIENCE,
            realm_access: RealmAccess {
                roles: client.service_roles,
            },
            resource_access: (!client.admin_roles.is_empty()).then_some(ResourceAccess {
                realm_management: RealmAccess {
                    roles: client.admin_roles,
                },
            }),
            scope,
            person: Person::of_service(&account, client),
        };
        self.key.sign(&claims)
    }

    /// The claims of an access token of ours that hasn't expired.
    pub(super) fn read_access(&self, token: &str) -> Option<ReadClaims> {
        let claims = self.read(token, "Bearer")?;
        (claims.exp > self.clock.now().timestamp()).then_some(claims)
    }

    /// The claims of an ID token of ours, expired or not: at a logout it only says whose.
    pub(super) fn read_id(&self, token: &str) -> Option<ReadClaims> {
        self.read(token, "ID")
    }

    fn read(&self, token: &str, typ: &str) -> Option<ReadClaims> {
        let claims: ReadClaims = self.key.open_token(token)?;
        (claims.iss == self.issuer && claims.typ == typ).then_some(claims)
    }

    fn user_base(&self, grant: &UserGrant<'_>, typ: &'static str) -> Base<'_> {
        Base {
            auth_time: Some(grant.session.began.timestamp()),
            session_state: Some(grant.session.id),
            sid: Some(grant.session.id),
            ..self.base(grant.user.id, grant.client, typ)
        }
    }

    fn base(&self, sub: Uuid, client: &'static Client, typ: &'static str) -> Base<'_> {
        let now = self.clock.now();
        Base {
            exp: (now + self.access_lifetime).timestamp(),
            iat: now.timestamp(),
            auth_time: None,
            jti: Uuid::new_v4(),
            iss: &self.issuer,
            sub,
            typ,
            azp: client.id,
            session_state: None,
            sid: None,
            acr: "1",
        }
    }
}

/// A lifetime as a time difference; one beyond all reason becomes a day.
pub(super) fn time_delta(lifetime: Duration) -> TimeDelta {
    TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::days(1))
}

/// Whole seconds from `now` until `then`, none when it is past.
pub(super) fn seconds_until(then: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    (then - now).num_seconds().max(0)
}
