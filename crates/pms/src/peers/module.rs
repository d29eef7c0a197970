//! The modules that are stood in for, and the settings that name them.

use pms_peers::keycloak_admin::{self, Admin};
use pms_peers::{audit, datashare, esignet, notifier, templates};
use pms_web::Settings;
use pms_web::settings::{Address, EsignetSettings};
use secrecy::SecretString;
use url::Url;

/// Path of the stand-ins.
pub(super) const PATH: &str = "/dev/peers/";

/// Where Keycloak's users are.
const USERS: &str = "/auth/admin/realms/mosip/users";

/// A module around the partner management service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Module {
    Notifier,
    Templates,
    Audit,
    Datashare,
    Esignet,
    Keycloak,
}

impl Module {
    pub(super) const ALL: [Self; 6] = [
        Self::Notifier,
        Self::Templates,
        Self::Audit,
        Self::Datashare,
        Self::Esignet,
        Self::Keycloak,
    ];

    /// Its name in paths and forms.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Notifier => "notifier",
            Self::Templates => "templates",
            Self::Audit => "audit",
            Self::Datashare => "datashare",
            Self::Esignet => "esignet",
            Self::Keycloak => "keycloak",
        }
    }

    /// Its name for people.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Notifier => "Notifier",
            Self::Templates => "Master data (templates)",
            Self::Audit => "Audit manager",
            Self::Datashare => "Data share",
            Self::Esignet => "eSignet",
            Self::Keycloak => "Keycloak (users)",
        }
    }

    /// The setting that holds its address.
    pub(super) const fn setting(self) -> &'static str {
        match self {
            Self::Notifier => "notifier.url",
            Self::Templates => "templates.url",
            Self::Audit => "audit.url",
            Self::Datashare => "datashare.url",
            Self::Esignet => "esignet.url",
            Self::Keycloak => "keycloak.users_url",
        }
    }

    /// What that setting adds to the stand-in's own address.
    const fn endpoint(self) -> &'static str {
        match self {
            Self::Notifier => notifier::PATH,
            Self::Templates => templates::PATH,
            Self::Audit => audit::PATH,
            Self::Datashare => datashare::PATH,
            Self::Esignet => "",
            Self::Keycloak => USERS,
        }
    }

    /// The module with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|module| module.name() == name)
    }

    /// The address of its stand-in, without a slash at the end.
    pub(super) fn base(self, base: &Url) -> String {
        let host = base.as_str().trim_end_matches('/');
        format!("{host}{PATH}{}", self.name())
    }

    /// The address that services ask.
    pub(super) fn address(self, base: &Url) -> String {
        format!("{}{}", self.base(base), self.endpoint())
    }

    fn value(self, settings: &mut Settings) -> &mut Address {
        match self {
            Self::Notifier => &mut settings.notifier.url,
            Self::Templates => &mut settings.templates.url,
            Self::Audit => &mut settings.audit.url,
            Self::Datashare => &mut settings.datashare.url,
            Self::Esignet => &mut settings.esignet.url,
            Self::Keycloak => &mut settings.keycloak.users_url,
        }
    }

    /// Points the setting at the stand-in unless the operator named the real
    /// module; whether it points there now.
    pub(super) fn point(self, settings: &mut Settings, base: &Url) -> bool {
        let named_otherwise = match self {
            Self::Esignet => names_esignet(&settings.esignet),
            Self::Keycloak => !settings.keycloak.realm_url.is_empty(),
            _ => false,
        };
        if named_otherwise {
            return false;
        }
        let value = self.value(settings);
        if !value.is_empty() {
            return false;
        }
        // This process has an http address.
        let Ok(address) = Address::try_from(self.address(base)) else {
            return false;
        };
        *value = address;
        if self == Self::Keycloak && settings.keycloak.role_users_url.is_empty() {
            let own = self.base(base);
            let url = format!("{own}/auth/admin/realms/mosip/roles/{{userRole}}/users?max=-1");
            settings.keycloak.role_users_url = Address::try_from(url).unwrap_or_default();
        }
        if self == Self::Esignet {
            let own = self.base(base);
            let EsignetSettings {
                claims_mapping_url,
                acr_mapping_url,
                ..
            } = &mut settings.esignet;
            let files = [
                (claims_mapping_url, esignet::CLAIMS_MAPPING),
                (acr_mapping_url, esignet::ACR_MAPPING),
            ];
            for (url, path) in files.into_iter().filter(|(url, _)| url.is_empty()) {
                *url = Address::try_from(format!("{own}{path}")).unwrap_or_default();
            }
        }
        true
    }
}

/// Whether the operator named parts of eSignet one by one.
fn names_esignet(settings: &EsignetSettings) -> bool {
    [
        &settings.oauth_client_create_url,
        &settings.oauth_client_update_url,
        &settings.oidc_client_create_url,
        &settings.oidc_client_update_url,
        &settings.discovery_url,
    ]
    .iter()
    .any(|url| !url.is_empty())
}

/// Lets `POST /users` make users at the stand-in for Keycloak, as its administrator:
/// the service account may only look, as that of a real deployment.
pub(super) fn let_users_be_made(settings: &mut Settings, base: &Url, admin: &Admin) {
    let own = Module::Keycloak.base(base);
    let address = |path: &str| Address::try_from(format!("{own}/auth{path}")).unwrap_or_default();
    let keycloak = &mut settings.keycloak;
    keycloak.realm_url = address(keycloak_admin::PATH);
    if keycloak.admin_token_url.is_empty() {
        keycloak.admin_token_url = address(keycloak_admin::TOKEN_PATH);
        keycloak.admin_username = admin.username.clone();
        keycloak.admin_password = SecretString::from(admin.password.clone());
    }
}
