//! What the embedded key manager works with.

use pms_database::{Clock, Connection, Db, DbError};
use pms_pki::issue::Subject;
use pms_pki::rules::{SignAlgorithms, UploadRules};
use pms_runtime::{Compute, Runtime, RuntimeError};
use pms_web::settings::{KeyManagerSettings, PkiSettings};

use crate::kek::{Sealer, Source};
use crate::keymanager::Restricted;
use crate::keys::{Keys, bootstrap};
use crate::revocation::Lists;
use crate::session_keys::SessionKeys;
use crate::trust::Trust;

/// Private keys, trust stores, and the rules about both.
pub struct Vault {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) rules: UploadRules,
    /// Answer FTM uploads with our own chain too.
    pub(crate) resign_ftm: bool,
    pub(crate) keys: Keys,
    pub(crate) trust: Trust,
    pub(crate) lists: Lists,
    pub(crate) compute: Compute,
    pub(crate) tokens: TokenRules,
    /// Whether certificates of partners vouch for other partners.
    pub(crate) partner_authorities: bool,
    /// What the role of a route alone does not entitle to.
    pub(crate) restricted: Restricted,
    /// Session keys of personal data.
    pub(crate) sessions: SessionKeys,
}

/// How tokens are signed.
#[derive(Debug, Clone)]
pub(crate) struct TokenRules {
    /// Refuse payloads that are not JSON.
    pub(crate) require_json: bool,
    /// Name the key in the header.
    pub(crate) include_key_id: bool,
    /// Stands in front of that name.
    pub(crate) key_id_prefix: String,
}

impl Vault {
    /// Opens the private keys, and makes the first ones where there are none.
    ///
    /// # Errors
    /// When the key encryption key is missing, malformed or not the one that
    /// the database's keys were encrypted with.
    pub(crate) async fn open(runtime: &Runtime, compute: Compute) -> Result<Self, RuntimeError> {
        let (settings, db) = (&runtime.settings, &runtime.db);
        let source = Source::of(&settings.key_manager).map_err(RuntimeError::Other)?;
        let used = db
            .read(|conn| Ok(!pms_database::keys::list_masters(conn)?.is_empty()))
            .await?;
        let sealer = read(source, !used).await.map_err(RuntimeError::Other)?;
        let keys = Keys::new(sealer, subject(&settings.pki));
        let crypto = &settings.key_manager;
        let data_key = (crypto.crypto_app_id.clone(), crypto.crypto_ref_id.clone());
        let now = runtime.clock.now();
        let prepare = move |conn: &mut Connection| {
            bootstrap::prepare(&keys, conn, (&data_key.0, &data_key.1), now)?;
            Ok(keys)
        };
        let mut keys = db.transaction(prepare).await.map_err(stopped)?;
        for (app_id, ref_id) in bootstrap::listed(&crypto.applications) {
            let make = move |conn: &mut Connection| {
                bootstrap::make_listed(&keys, conn, (&app_id, &ref_id), now)?;
                Ok(keys)
            };
            keys = db.transaction(make).await.map_err(stopped)?;
        }
        Ok(Self {
            db: db.clone(),
            clock: runtime.clock.clone(),
            rules: rules(&settings.pki),
            resign_ftm: settings.pki.resign_ftm,
            keys,
            trust: Trust::default(),
            lists: Lists::new(&settings.pki),
            compute,
            partner_authorities: settings.pki.partner_certificates_as_authorities,
            restricted: Restricted::of(settings),
            sessions: SessionKeys::new(&settings.key_manager, runtime.edge.metrics().registry())?,
            tokens: tokens(&settings.key_manager),
        })
    }
}

/// Why the start ends, in one line.
fn stopped(failure: DbError) -> RuntimeError {
    match failure {
        DbError::Internal(line) => RuntimeError::Other(line),
        other => other.into(),
    }
}

fn tokens(settings: &KeyManagerSettings) -> TokenRules {
    TokenRules {
        require_json: settings.jws_require_json,
        include_key_id: settings.jws_include_key_id,
        key_id_prefix: settings.jws_key_id_prefix.clone(),
    }
}

async fn read(source: Source, create: bool) -> Result<Sealer, String> {
    let task = tokio::task::spawn_blocking(move || source.read(create));
    task.await.unwrap_or_else(|error| Err(error.to_string()))
}

fn rules(settings: &PkiSettings) -> UploadRules {
    UploadRules {
        allowed_domains: settings.allowed_domains.clone(),
        ca_minimum_validity_months: settings.ca_minimum_validity_months,
        partner_validity_years: settings.partner_certificate_years.get(),
        partner_grace_days: settings.partner_grace_days,
        require_ca_flag: settings.require_ca_flag,
        sign_algorithms: sign_algorithms(settings),
        end_entity_partners: settings.end_entity_auth_misp,
        ..UploadRules::default()
    }
}

/// A list of names replaces the other rules.
fn sign_algorithms(settings: &PkiSettings) -> SignAlgorithms {
    let names = &settings.allowed_sign_algorithms;
    for name in SignAlgorithms::unknown(names) {
        tracing::warn!(
            name,
            "pki.allowed_sign_algorithms: no certificate that is accepted here has this signature"
        );
    }
    if !names.is_empty() {
        SignAlgorithms::Named(names.clone())
    } else if settings.accept_sha384_sha512 {
        SignAlgorithms::Longer
    } else {
        SignAlgorithms::Sha2Prefix
    }
}

pub(crate) fn subject(settings: &PkiSettings) -> Subject {
    let given = |value: &String| (!value.is_empty()).then(|| value.clone());
    Subject {
        common_name: given(&settings.common_name),
        organizational_unit: given(&settings.organizational_unit),
        organization: given(&settings.organization),
        locality: given(&settings.location),
        state: given(&settings.state),
        country: given(&settings.country),
    }
}
