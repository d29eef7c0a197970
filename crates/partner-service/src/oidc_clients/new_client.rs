//! What a request for a new client may say
//! (contract clients-users-notifications.md §1.7, §1.8).

use pms_domain::oidc_clients::ClientName;
use pms_web::{Checks, Request};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Form;
use super::fields::{self, Items, Names};

/// A new client. Other members, such as `additionalConfig`, are ignored.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateClient {
    /// Name without a language.
    pub name: Option<String>,
    /// Id of a policy that the partner may use.
    pub policy_id: Option<String>,
    /// JWK of a public key.
    #[schema(value_type = Option<Object>)]
    pub public_key: Option<Map<String, Value>>,
    /// Partner id.
    pub auth_partner_id: Option<String>,
    /// Address of a logo.
    pub logo_uri: Option<String>,
    /// Where users may be sent back to.
    pub redirect_uris: Option<Items>,
    /// Grant types.
    pub grant_types: Option<Items>,
    /// How the client authenticates itself.
    pub client_auth_methods: Option<Items>,
    /// Names by language code; only in the newer form.
    pub client_name_lang_map: Option<Names>,
}

/// A new client with names in several languages.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct CreateOauthClient(pub(super) CreateClient);

/// A new client with one name.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct CreateOidcClient(pub(super) CreateClient);

impl Request for CreateOauthClient {
    fn check(&self, fields: &mut Checks) {
        self.0.check(fields);
        fields::names(fields, self.0.client_name_lang_map.as_ref());
        let names = self.0.names(Form::Oauth);
        fields::together(fields, "clientNameLangMap", &names);
        fields::new_names(fields, "name", &names, None);
    }
}

impl Request for CreateOidcClient {
    fn check(&self, fields: &mut Checks) {
        self.0.check(fields);
        fields::new_names(fields, "name", &self.0.names(Form::Oidc), None);
    }
}

impl CreateClient {
    fn check(&self, fields: &mut Checks) {
        let name = self.name.as_deref();
        let (policy_id, partner_id) = (self.policy_id.as_deref(), self.auth_partner_id.as_deref());
        fields
            .not_blank("name", name)
            .length("name", name, (1, 256));
        fields
            .not_blank("policyId", policy_id)
            .length("policyId", policy_id, (1, 36))
            .require(
                self.public_key.as_ref().is_some_and(|key| !key.is_empty()),
                "publicKey",
                "must not be empty",
            );
        for (member, value) in self.public_key.iter().flatten() {
            let path = format!("publicKey[{member}]");
            fields.require(!value.is_null(), &path, "must not be null");
        }
        fields
            .not_blank("authPartnerId", partner_id)
            .length("authPartnerId", partner_id, (1, 100));
        fields::logo(fields, self.logo_uri.as_deref());
        fields::list(fields, "redirectUris", self.redirect_uris.as_ref(), 5);
        fields::methods(fields, "grantTypes", self.grant_types.as_ref());
        fields::methods(
            fields,
            "clientAuthMethods",
            self.client_auth_methods.as_ref(),
        );
    }

    pub(super) fn names(&self, form: Form) -> ClientName {
        fields::name_of(form, self.name.as_ref(), self.client_name_lang_map.as_ref())
    }
}
