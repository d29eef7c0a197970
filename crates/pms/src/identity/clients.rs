//! The applications that may ask for tokens (contract config-and-deploy.md §8).

use secrecy::{ExposeSecret, SecretString};

use super::passwords::same;

/// Whether a client can keep a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Shows the provider's client secret.
    Confidential,
    /// Shows nothing; needs PKCE for the code flow.
    Public,
}

/// An application.
pub(super) struct Client {
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    /// Whether it may exchange a user's password for tokens.
    pub(super) password_grant: bool,
    /// Whether browsers may log in for it.
    pub(super) code_grant: bool,
    /// Realm roles of its service account; none means it has no service account.
    pub(super) service_roles: &'static [&'static str],
    /// Roles of its service account at the provider's own admin API.
    pub(super) admin_roles: &'static [&'static str],
    /// Scopes that all its tokens have besides `email` and `profile`.
    pub(super) default_scopes: &'static [&'static str],
}

/// The client of the services: portal logins, outbound calls, events.
pub(super) const SERVICE_CLIENT: &str = "mosip-pms-client";

/// A public client for command lines and demonstrations.
pub(super) const DEMO_CLIENT: &str = "pms-demo";

static CLIENTS: [Client; 10] = [
    Client {
        password_grant: true,
        code_grant: true,
        admin_roles: &["view-users", "view-realm"],
        default_scopes: &[
            "update_oidc_client",
            "add_oidc_client",
            "get_certificate",
            "upload_certificate",
        ],
        ..service(SERVICE_CLIENT, &SERVICE_ROLES)
    },
    Client {
        password_grant: true,
        ..public(DEMO_CLIENT)
    },
    public("pms-portal"),
    service(
        "mosip-deployment-client",
        &["PARTNER_ADMIN", "GLOBAL_ADMIN", "ID_AUTHENTICATION"],
    ),
    service(
        "mosip-datsha-client",
        &["CREATE_SHARE", "REGISTRATION_PROCESSOR", "POLICYMANAGER"],
    ),
    service(
        "mosip-creser-client",
        &[
            "CREDENTIAL_ISSUANCE",
            "REGISTRATION_PROCESSOR",
            "POLICYMANAGER",
            "CREATE_SHARE",
        ],
    ),
    service(
        "mosip-regproc-client",
        &[
            "PARTNER",
            "PARTNER_ADMIN",
            "PMS_USER",
            "POLICYMANAGER",
            "REGISTRATION_PROCESSOR",
        ],
    ),
    service("mosip-idrepo-client", &["ID_REPOSITORY"]),
    service("mosip-resident-client", &["RESIDENT", "PARTNER_ADMIN"]),
    service("mpartner-default-auth", &SUBSCRIBER_ROLES),
];

static SERVICE_ROLES: [&str; 18] = [
    "REGISTRATION_PROCESSOR",
    "CREATE_SHARE",
    "PMS_ADMIN",
    "PMS_USER",
    "PARTNER_ADMIN",
    "ZONAL_ADMIN",
    "DEVICE_PROVIDER",
    "PARTNER",
    "SUBSCRIBE_CA_CERTIFICATE_UPLOADED_GENERAL",
    "PUBLISH_MISP_LICENSE_UPDATED_GENERAL",
    "PUBLISH_MISP_LICENSE_GENERATED_GENERAL",
    "PUBLISH_PARTNER_UPDATED_GENERAL",
    "PUBLISH_APIKEY_APPROVED_GENERAL",
    "PUBLISH_APIKEY_UPDATED_GENERAL",
    "PUBLISH_CA_CERTIFICATE_UPLOADED_GENERAL",
    "PUBLISH_POLICY_UPDATED_GENERAL",
    "PUBLISH_OIDC_CLIENT_CREATED_GENERAL",
    "PUBLISH_OIDC_CLIENT_UPDATED_GENERAL",
];

static SUBSCRIBER_ROLES: [&str; 9] = [
    "SUBSCRIBE_MISP_LICENSE_UPDATED_GENERAL",
    "SUBSCRIBE_MISP_LICENSE_GENERATED_GENERAL",
    "SUBSCRIBE_PARTNER_UPDATED_GENERAL",
    "SUBSCRIBE_APIKEY_APPROVED_GENERAL",
    "SUBSCRIBE_APIKEY_UPDATED_GENERAL",
    "SUBSCRIBE_CA_CERTIFICATE_UPLOADED_GENERAL",
    "SUBSCRIBE_POLICY_UPDATED_GENERAL",
    "SUBSCRIBE_OIDC_CLIENT_CREATED_GENERAL",
    "SUBSCRIBE_OIDC_CLIENT_UPDATED_GENERAL",
];

const fn service(id: &'static str, service_roles: &'static [&'static str]) -> Client {
    Client {
        id,
        kind: Kind::Confidential,
        password_grant: false,
        code_grant: false,
        service_roles,
        admin_roles: &[],
        default_scopes: &[],
    }
}

const fn public(id: &'static str) -> Client {
    Client {
        id,
        kind: Kind::Public,
        password_grant: false,
        code_grant: true,
        service_roles: &[],
        admin_roles: &[],
        default_scopes: &[],
    }
}

impl Client {
    /// The client with this id.
    pub(super) fn find(id: &str) -> Option<&'static Self> {
        CLIENTS.iter().find(|client| client.id == id)
    }

    /// Whether what it shows is enough to act for this client.
    pub(super) fn accepts(&self, shown: Option<&str>, secret: &SecretString) -> bool {
        match self.kind {
            Kind::Public => true,
            Kind::Confidential => shown.is_some_and(|shown| same(shown, secret.expose_secret())),
        }
    }

    /// User name of its service account.
    pub(super) fn service_account(&self) -> String {
        format!("service-account-{}", self.id)
    }

    /// The scopes of a token, given those asked for; `None` when one isn't known.
    pub(super) fn scope(&self, requested: &str) -> Option<String> {
        const ALWAYS: [&str; 2] = ["email", "profile"];
        const KNOWN: [&str; 6] = [
            "openid",
            "phone",
            "address",
            "roles",
            "web-origins",
            "offline_access",
        ];
        let mut scopes: Vec<&str> = Vec::new();
        for scope in requested.split_ascii_whitespace() {
            let usual = ALWAYS.contains(&scope) || self.default_scopes.contains(&scope);
            if !usual && !KNOWN.contains(&scope) {
                return None;
            }
            if !usual && !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        scopes.extend(self.default_scopes);
        scopes.extend(ALWAYS);
        Some(scopes.join(" "))
    }
}
