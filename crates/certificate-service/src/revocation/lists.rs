//! The lists of revoked certificates: one per issuing key, in a row for all
//! replicas, in memory for as long as the row has the same number.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use pms_database::certificates::{
    Crl, CrlHead, RevokedCertificate, crl_head, find_crl, list_revoked_of_issuer, lock_crl,
    replace_crl,
};
use pms_database::{Connection, DbError};
use pms_pki::Certificate;
use pms_pki::issue::{CrlProfile, Reason, Revoked, issue_crl, may_sign_crls};
use pms_web::settings::PkiSettings;
use tokio::sync::Mutex;

use super::issuing_keys::{all, key_id};
use super::names::Names;
use super::published::{Published, renewal};
use crate::errors::OrDbError as _;
use crate::keys::OwnKey;
use crate::vault::Vault;

/// The name under which the list of the newest key can be had as well.
const CURRENT: &str = "current";
/// Longest name of a key.
const MAX_NAME: usize = 64;

/// Makes and remembers lists.
pub(crate) struct Lists {
    /// Public base address; empty when issued certificates name none.
    url: String,
    /// How long a list is valid.
    validity: TimeDelta,
    known: RwLock<HashMap<String, Arc<Published>>>,
    /// Held by the one who makes a list, so that the others don't take
    /// connections to wait for it.
    making: Mutex<()>,
    names: Names,
}

/// Whether there is a list that can be given out.
enum ListState {
    /// In memory or in its row.
    Ready(Arc<Published>),
    /// It has to be made first.
    ToMake(String),
    /// The key has no list.
    Absent,
}

impl Lists {
    pub(crate) fn new(settings: &PkiSettings) -> Self {
        Self {
            url: settings.crl_url.base().to_owned(),
            validity: TimeDelta::hours(i64::from(settings.crl_hours.get())),
            known: RwLock::default(),
            making: Mutex::default(),
            names: Names::default(),
        }
    }

    /// The address of a key's list, if certificates name one.
    pub(crate) fn url_of(&self, issuer: &Certificate) -> Option<String> {
        let named = !self.url.is_empty() && may_sign_crls(issuer);
        named.then(|| format!("{}/{}.crl", self.url, key_id(issuer)))
    }

    /// The list of this name, not older than half its validity.
    ///
    /// # Errors
    /// When a statement or the signing fails.
    pub(crate) async fn get(
        vault: &Arc<Vault>,
        name: &str,
    ) -> Result<Option<Arc<Published>>, DbError> {
        let is_hex = |name: &str| name.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        if name != CURRENT && (name.len() > MAX_NAME || name.is_empty() || !is_hex(name)) {
            return Ok(None);
        }
        if name != CURRENT && !vault.lists.names.has(vault, name).await? {
            return Ok(None);
        }
        let (within, wanted, now) = (Arc::clone(vault), name.to_owned(), vault.clock.now());
        let state = move |conn: &mut Connection| within.lists.state_of(&within, conn, wanted, now);
        match vault.db.read(state).await? {
            ListState::Ready(list) => Ok(Some(list)),
            ListState::Absent => Ok(None),
            ListState::ToMake(key_id) => {
                let _alone = vault.lists.making.lock().await;
                let within = Arc::clone(vault);
                let make =
                    move |conn: &mut Connection| within.lists.renewed(&within, conn, &key_id, now);
                vault.db.transaction(make).await
            }
        }
    }

    fn state_of(
        &self,
        vault: &Vault,
        conn: &mut Connection,
        name: String,
        now: DateTime<Utc>,
    ) -> Result<ListState, DbError> {
        let key_id = if name == CURRENT {
            match all(vault, conn)?.first() {
                Some(newest) => key_id(&newest.certificate),
                None => return Ok(ListState::Absent),
            }
        } else {
            name
        };
        let Some(head) = crl_head(conn, &key_id)? else {
            let known = signing_key(vault, conn, &key_id, now)?.is_some();
            return Ok(if known {
                ListState::ToMake(key_id)
            } else {
                ListState::Absent
            });
        };
        if renewal(&head) <= now {
            return Ok(ListState::ToMake(key_id));
        }
        let list = self.stored(conn, &key_id, head)?;
        Ok(list.map_or(ListState::Absent, ListState::Ready))
    }

    /// The stored list, which another replica or request may have made meanwhile,
    /// or a new one. The last list of a key that has ended is its last.
    fn renewed(
        &self,
        vault: &Vault,
        conn: &mut Connection,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Published>>, DbError> {
        lock_crl(conn, key_id)?;
        let head = crl_head(conn, key_id)?;
        if let Some(head) = head.filter(|head| renewal(head) > now) {
            return self.stored(conn, key_id, head);
        }
        let Some(key) = signing_key(vault, conn, key_id, now)? else {
            return match head {
                Some(head) => self.stored(conn, key_id, head),
                None => Ok(None),
            };
        };
        let list = self.make(conn, &key, head, now)?;
        // Not yet committed, so not yet remembered.
        Ok(Some(Arc::new(Published::from(list))))
    }

    /// Makes a list with what was just revoked, in the same transaction. A key
    /// that can't sign lists has none.
    ///
    /// # Errors
    /// When a statement or the signing fails.
    pub(super) fn renew(
        &self,
        vault: &Vault,
        conn: &mut Connection,
        key_id: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DbError> {
        lock_crl(conn, key_id)?;
        let head = crl_head(conn, key_id)?;
        if let Some(key) = signing_key(vault, conn, key_id, now)? {
            self.make(conn, &key, head, now)?;
        }
        Ok(())
    }

    fn make(
        &self,
        conn: &mut Connection,
        key: &OwnKey,
        previous: Option<CrlHead>,
        now: DateTime<Utc>,
    ) -> Result<Crl, DbError> {
        let key_id = key_id(&key.certificate);
        let this_update = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
        let number = previous.map_or(0, |head| head.crl_number).saturating_add(1);
        // A certificate leaves the lists after one that was made behind its end.
        let since = previous.map_or(this_update.naive_utc(), |head| head.this_update);
        let revoked = list_revoked_of_issuer(conn, &key_id, since)?;
        let revoked: Vec<_> = revoked.into_iter().map(entry).collect();
        let profile = CrlProfile {
            number: u64::try_from(number).unwrap_or_default(),
            this_update,
            next_update: this_update + self.validity,
        };
        let list = Crl {
            key_id,
            crl_number: number,
            this_update: this_update.naive_utc(),
            next_update: profile.next_update.naive_utc(),
            crl_data: issue_crl(&revoked, &profile, &key.issuer()?).or_failure()?,
        };
        replace_crl(conn, &list)?;
        tracing::info!(
            key_id = list.key_id,
            number,
            "made a list of revoked certificates"
        );
        Ok(list)
    }

    fn remembered(&self, key_id: &str, head: CrlHead) -> Option<Arc<Published>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(key_id).filter(|known| known.is_of(head)).cloned()
    }

    /// The list of this number, from memory or from its row.
    fn stored(
        &self,
        conn: &mut Connection,
        key_id: &str,
        head: CrlHead,
    ) -> Result<Option<Arc<Published>>, DbError> {
        if let Some(known) = self.remembered(key_id, head) {
            return Ok(Some(known));
        }
        let list = find_crl(conn, key_id)?.map(|list| Arc::new(Published::from(list)));
        if let Some(list) = &list {
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(key_id.to_owned(), Arc::clone(list));
        }
        Ok(list)
    }
}

/// The key of this name, if it is here, valid and may sign lists.
fn signing_key(
    vault: &Vault,
    conn: &mut Connection,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Option<Arc<OwnKey>>, DbError> {
    let may = |key: &Arc<OwnKey>| {
        let certificate = &key.certificate;
        key_id(certificate) == name
            && may_sign_crls(certificate)
            && certificate.validity().contains(now)
    };
    Ok(all(vault, conn)?.into_iter().find(may))
}

fn entry(row: RevokedCertificate) -> Revoked {
    Revoked {
        serial: row.serial,
        at: row.revoked_dtimes.and_utc(),
        reason: Reason::parse(&row.reason).unwrap_or(Reason::Unspecified),
    }
}
