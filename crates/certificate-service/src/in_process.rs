//! The embedded key manager for the other services of its process: personal data
//! without HTTP, token and JSON.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix_web::web::Data;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::DbError;
use pms_domain::BusinessError;
use pms_integrations::key_manager::{Answer, KEY_UNUSABLE, OwnKeyManager, UNREACHABLE};
use pms_pki::Certificate;
use pms_runtime::Runtime;
use zeroize::Zeroizing;

use crate::keymanager::NOT_A_CLIENT;
use crate::keymanager::data::{Found, Reader, keys_by_thumbprint};
use crate::keymanager::opening::{Parsed, Thumbprint, open_all};
use crate::keymanager::sealing::{recipient, seal_all};
use crate::keys::OwnKey;
use crate::vault::Vault;

/// How long a look-up in the key tables is kept. A replaced key is used for so much
/// longer, and an account that lost its permission decrypts for so much longer.
const BELIEVED: Duration = Duration::from_secs(1);

/// The key manager as the client of its own process.
///
/// A call meets the rules that a token of the service account meets over HTTP: its
/// client is one of `key_manager.personal_data_clients`, and to decrypt, the
/// key policy of the application admits its user. Roles belong to tokens; there is
/// none here.
pub(crate) struct InProcess {
    vault: Data<Vault>,
    client: String,
    /// What was looked up lately.
    known: Mutex<Known>,
}

struct Known {
    since: Instant,
    recipient: Option<Certificate>,
    keys: HashMap<Thumbprint, Arc<OwnKey>>,
}

impl InProcess {
    pub(crate) fn new(vault: Data<Vault>, runtime: &Runtime) -> Self {
        Self {
            vault,
            client: runtime.settings.service_account.client_id.clone(),
            known: Mutex::new(Known {
                since: Instant::now(),
                recipient: None,
                keys: HashMap::new(),
            }),
        }
    }

    fn name(&self) -> (&str, &str) {
        let (app_id, ref_id) = &self.vault.sessions.name;
        (app_id, ref_id)
    }

    /// What is believed at present.
    fn known(&self) -> MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.since.elapsed() >= BELIEVED {
            known.since = Instant::now();
            known.recipient = None;
            known.keys.clear();
        }
        known
    }

    fn check(&self) -> Result<(), BusinessError> {
        if self.vault.restricted.admits(&self.client, self.name()) {
            return Ok(());
        }
        pms_log::error("key manager", NOT_A_CLIENT, |line| {
            tracing::error!(client = self.client, "{line}: {NOT_A_CLIENT}");
        });
        Err(UNREACHABLE.into())
    }

    async fn seal(&self, texts: &[&str]) -> Result<Vec<String>, DbError> {
        let believed = self.known().recipient.clone();
        let recipient = match believed {
            Some(recipient) => recipient,
            None => {
                let found = recipient(&self.vault, self.name()).await?;
                self.known().recipient = Some(found.clone());
                found
            }
        };
        let plain = |text: &&str| Zeroizing::new(text.as_bytes().to_vec());
        let texts = texts.iter().map(plain).collect();
        seal_all(&self.vault, recipient, texts, true).await
    }

    async fn open(&self, sealed: &[&str]) -> Result<Vec<Answer>, DbError> {
        let texts = sealed.iter().map(|text| Some((*text).to_owned()));
        let parsed = Parsed::of(&self.vault, texts.collect()).await?;
        let keys = self.keys(parsed.thumbprints()).await?;
        let failed = parsed.places_of(&keys.broken);
        let opened = open_all(&self.vault, parsed, &keys.usable, true).await?;
        let text = |plain: Option<Zeroizing<Vec<u8>>>| {
            let bytes = std::mem::take(&mut *plain?);
            String::from_utf8(bytes).ok().map(Zeroizing::new)
        };
        let opened = opened.into_iter().map(|plain| Ok(text(plain).into()));
        let mut answers: Vec<Answer> = opened.collect();
        for place in failed {
            if let Some(answer) = answers.get_mut(place) {
                *answer = Err(KEY_UNUSABLE.into());
            }
        }
        Ok(answers)
    }

    /// The keys that certificates stand for; the key tables are asked about those
    /// that are not known.
    async fn keys(&self, wanted: Vec<Thumbprint>) -> Result<Found, DbError> {
        let (mut found, mut missing) = (Found::default(), Vec::new());
        {
            let known = self.known();
            for thumbprint in wanted {
                match known.keys.get(&thumbprint) {
                    Some(key) => {
                        found.usable.insert(thumbprint, Arc::clone(key));
                    }
                    None => missing.push(thumbprint),
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let (app_id, ref_id) = self.name();
        let reader = Reader {
            // As identity providers name it.
            user: format!("service-account-{}", self.client),
            app_id: app_id.to_owned(),
            ref_id: ref_id.to_owned(),
            now: self.vault.clock.now(),
        };
        let looked_up = keys_by_thumbprint(&self.vault, reader, missing).await?;
        looked_up.tell_of_broken();
        self.known().keys.extend(looked_up.usable.clone());
        found.usable.extend(looked_up.usable);
        found.broken = looked_up.broken;
        Ok(found)
    }
}

impl OwnKeyManager for InProcess {
    fn encrypt<'a>(
        &'a self,
        texts: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<String>, BusinessError>> {
        async move {
            self.check()?;
            self.seal(texts).await.map_err(refusal)
        }
        .boxed()
    }

    fn decrypt<'a>(
        &'a self,
        sealed: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<Answer>, BusinessError>> {
        async move {
            self.check()?;
            self.open(sealed).await.map_err(refusal)
        }
        .boxed()
    }
}

/// What a client of the contract makes of a failure.
fn refusal(failure: DbError) -> BusinessError {
    match failure {
        DbError::Rejected(refusal) => refusal,
        other => {
            pms_log::error("key manager", &other.to_string(), |line| {
                tracing::error!(error = %other, "{line}");
            });
            UNREACHABLE.into()
        }
    }
}
