//! What the tokens say, in Keycloak's words (contract auth.md §2, contract portal.md §2.3).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::clients::{Client, SERVICE_CLIENT};
use super::users::User;

/// Claims about a person or a service account.
#[derive(Default, Serialize)]
pub(super) struct Person<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    preferred_username: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    given_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    family_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    email: &'a str,
    #[serde(rename = "phoneNumber", skip_serializing_if = "str::is_empty")]
    phone_number: &'a str,
    #[serde(rename = "organizationName", skip_serializing_if = "str::is_empty")]
    organization_name: &'a str,
    #[serde(rename = "partnerType", skip_serializing_if = "str::is_empty")]
    partner_type: &'a str,
    // The portal reads the address from this name.
    #[serde(rename = "addressTest", skip_serializing_if = "str::is_empty")]
    address: &'a str,
    #[serde(rename = "langCode", skip_serializing_if = "str::is_empty")]
    lang_code: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    locale: &'a str,
    #[serde(rename = "clientId", skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
}

impl<'a> Person<'a> {
    pub(super) fn of_user(user: &'a User) -> Self {
        let profile = &user.profile;
        Self {
            email_verified: Some(true),
            name: format!("{} {}", profile.first_name, profile.last_name),
            preferred_username: &user.username,
            given_name: &profile.first_name,
            family_name: &profile.last_name,
            email: &profile.email,
            phone_number: &profile.phone_number,
            organization_name: &profile.organization_name,
            partner_type: &profile.partner_type,
            address: &profile.address,
            lang_code: &profile.lang_code,
            locale: &profile.lang_code,
            client_id: None,
        }
    }

    pub(super) fn of_service(username: &'a str, client: &'a Client) -> Self {
        Self {
            client_id: Some(client.id),
            ..Self::named(username)
        }
    }

    /// A user of whom only the user name is known.
    pub(super) fn named(username: &'a str) -> Self {
        Self {
            preferred_username: username,
            ..Self::default()
        }
    }
}

/// The claim `realm_access`.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct RealmAccess<R> {
    #[serde(default)]
    pub(super) roles: R,
}

/// The claim `resource_access` as far as it matters here: roles of the provider's own admin
/// API.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct ResourceAccess<R: Default> {
    #[serde(rename = "realm-management", default)]
    pub(super) realm_management: RealmAccess<R>,
}

/// Claims that all our tokens have.
#[derive(Serialize)]
pub(super) struct Base<'a> {
    pub(super) exp: i64,
    pub(super) iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<i64>,
    pub(super) jti: Uuid,
    pub(super) iss: &'a str,
    pub(super) sub: Uuid,
    pub(super) typ: &'static str,
    pub(super) azp: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session_state: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<Uuid>,
    pub(super) acr: &'static str,
}

/// An access token.
#[derive(Serialize)]
pub(super) struct AccessClaims<'a, R: Default> {
    #[serde(flatten)]
    pub(super) base: Base<'a>,
    pub(super) aud: [&'static str; 2],
    pub(super) realm_access: RealmAccess<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource_access: Option<ResourceAccess<R>>,
    pub(super) scope: &'a str,
    #[serde(flatten)]
    pub(super) person: Person<'a>,
}

/// The audience of every access token: the first is in the services' default list of
/// allowed audiences, whichever client asks.
pub(super) const AUDIENCE: [&str; 2] = [SERVICE_CLIENT, "account"];

/// An ID token.
#[derive(Serialize)]
pub(super) struct IdClaims<'a> {
    #[serde(flatten)]
    pub(super) base: Base<'a>,
    pub(super) aud: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<&'a str>,
    #[serde(flatten)]
    pub(super) person: Person<'a>,
}

/// The claims that we read back.
#[derive(Deserialize)]
pub(super) struct ReadClaims {
    pub(super) exp: i64,
    pub(super) iss: String,
    pub(super) typ: String,
    pub(super) sub: Uuid,
    pub(super) preferred_username: String,
    pub(super) sid: Option<Uuid>,
    #[serde(default)]
    pub(super) realm_access: RealmAccess<Vec<String>>,
    #[serde(default)]
    pub(super) resource_access: ResourceAccess<Vec<String>>,
    #[serde(default)]
    pub(super) scope: String,
}
