//! What a request to change a client may say
//! (contract clients-users-notifications.md §1.9).

use pms_database::{Connection, oidc_clients};
use pms_domain::oidc_clients::{ClientName, ClientStatus};
use pms_web::{ApiResult, Checks, Request};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Form;
use super::fields::{self, Items, Names};
use crate::Context;

/// What a client is to be. Other members are ignored.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateClient {
    /// Address of a logo.
    pub logo_uri: Option<String>,
    /// Where users may be sent back to.
    pub redirect_uris: Option<Items>,
    /// `ACTIVE` or `INACTIVE`, in any case.
    pub status: Option<String>,
    /// Grant types.
    pub grant_types: Option<Items>,
    /// Name without a language.
    pub client_name: Option<String>,
    /// How the client authenticates itself.
    pub client_auth_methods: Option<Items>,
    /// Names by language code; only in the newer form.
    pub client_name_lang_map: Option<Names>,
    /// The client's own public key, if at all: it can't be changed.
    #[schema(value_type = Option<Object>)]
    pub public_key: Option<Value>,
}

/// A changed client with names in several languages.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct UpdateOauthClient(pub(super) UpdateClient);

/// A changed client with one name.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct UpdateOidcClient(pub(super) UpdateClient);

impl Request for UpdateOauthClient {
    fn check(&self, fields: &mut Checks) {
        self.0.check(fields);
        fields::names(fields, self.0.client_name_lang_map.as_ref());
        fields::together(fields, "clientNameLangMap", &self.0.names(Form::Oauth));
    }
}

impl Request for UpdateOidcClient {
    fn check(&self, fields: &mut Checks) {
        self.0.check(fields);
        fields::together(fields, "clientName", &self.0.names(Form::Oidc));
    }
}

impl UpdateClient {
    fn check(&self, fields: &mut Checks) {
        fields::logo(fields, self.logo_uri.as_deref());
        fields::filled_list(fields, "redirectUris", self.redirect_uris.as_ref(), 5);
        let status = self.status.as_deref();
        fields.not_blank("status", status).require(
            status.is_none_or(|word| ClientStatus::named(word).is_some()),
            "status",
            "must match \"(ACTIVE)|(INACTIVE)\"",
        );
        fields::methods(fields, "grantTypes", self.grant_types.as_ref());
        let name = self.client_name.as_deref();
        fields.not_blank("clientName", name);
        fields::without_nul(fields, "clientName", name);
        fields::methods(
            fields,
            "clientAuthMethods",
            self.client_auth_methods.as_ref(),
        );
    }

    /// Lets pass names that keep the rules of names, and those that the client has: it
    /// must be possible to end one that another release named.
    ///
    /// # Errors
    /// The first new name that breaks a rule.
    pub(super) async fn check_new_names(
        &self,
        client_id: &str,
        form: Form,
        context: &Context,
    ) -> ApiResult<()> {
        let given = self.names(form);
        let check = |known: Option<&ClientName>| {
            let mut fields = Checks::default();
            fields::new_names(&mut fields, "clientName", &given, known);
            fields.finish()
        };
        if check(None).is_ok() {
            return Ok(());
        }
        let client_id = client_id.to_owned();
        let read = move |conn: &mut Connection| Ok(oidc_clients::find(conn, &client_id)?);
        let stored = context.db.read(read).await?;
        let known = stored.map(|client| ClientName::read(&client.name));
        Ok(check(known.as_ref())?)
    }

    pub(super) fn names(&self, form: Form) -> ClientName {
        let by_language = self.client_name_lang_map.as_ref();
        fields::name_of(form, self.client_name.as_ref(), by_language)
    }
}
