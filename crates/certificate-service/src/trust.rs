//! The trust stores of the domains, kept in memory (key manager contract §7).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{NaiveDateTime, TimeDelta};
use pms_database::certificates::{CaCertificate, TrustVersion, list_trusted, trust_version};
use pms_database::{Connection, Failure};
use pms_pki::reading;
use pms_pki::rules::Domain;
use pms_pki::trust::{Authority, TrustStore};

/// A row may be committed this long after the time that it bears.
const LATE_COMMIT_SECONDS: i64 = 120;

/// What one domain trusts, as of a version of its rows.
#[derive(Clone, Default)]
struct Known {
    version: TrustVersion,
    store: Arc<TrustStore>,
    /// Ids of all rows that were read, also of those that can't be used.
    ids: Arc<HashSet<String>>,
}

/// Loads a domain's trust store once, and what is new when its rows changed.
///
/// Every look asks the database for the version, which is one indexed query;
/// so all replicas see an upload as soon as it is committed.
#[derive(Default)]
pub(crate) struct Trust {
    domains: RwLock<HashMap<String, Known>>,
}

impl Trust {
    /// The present trust store of a domain.
    pub(crate) fn of(
        &self,
        conn: &mut Connection,
        domain: &Domain,
    ) -> Result<Arc<TrustStore>, Failure> {
        self.of_name(conn, domain.as_str())
    }

    /// The present trust store of the domain that a row names.
    pub(crate) fn of_name(
        &self,
        conn: &mut Connection,
        domain: &str,
    ) -> Result<Arc<TrustStore>, Failure> {
        let known = self.known(domain);
        let version = trust_version(conn, domain)?;
        if version == known.version {
            return Ok(known.store);
        }
        let since = known.version.newest.map(|newest| newest - late());
        let only_more =
            (known.version.ended, known.version.changed) == (version.ended, version.changed);
        let mut fresh = if only_more {
            added(conn, domain, &known, since)?
        } else {
            added(conn, domain, &Known::default(), None)?
        };
        if count(&fresh) != version.certificates {
            // Something was taken away, or came with an old date.
            fresh = added(conn, domain, &Known::default(), None)?;
        }
        fresh.version = version;
        let store = Arc::clone(&fresh.store);
        let mut domains = self.domains.write().unwrap_or_else(PoisonError::into_inner);
        domains.insert(domain.to_owned(), fresh);
        Ok(store)
    }

    fn known(&self, domain: &str) -> Known {
        let domains = self.domains.read().unwrap_or_else(PoisonError::into_inner);
        domains.get(domain).cloned().unwrap_or_default()
    }
}

fn late() -> TimeDelta {
    TimeDelta::seconds(LATE_COMMIT_SECONDS)
}

fn count(known: &Known) -> i64 {
    i64::try_from(known.ids.len()).unwrap_or(i64::MAX)
}

/// `known` with the rows since `since` that it lacks.
fn added(
    conn: &mut Connection,
    domain: &str,
    known: &Known,
    since: Option<NaiveDateTime>,
) -> Result<Known, Failure> {
    let (mut store, mut ids) = (TrustStore::clone(&known.store), HashSet::clone(&known.ids));
    for row in list_trusted(conn, domain, since)? {
        if ids.insert(row.cert_id.clone()) {
            add(&mut store, row);
        }
    }
    Ok(Known {
        version: known.version,
        store: Arc::new(store),
        ids: Arc::new(ids),
    })
}

fn add(store: &mut TrustStore, row: CaCertificate) {
    match reading::read_certificate(&row.cert_data) {
        Ok(certificate) => {
            store.insert(Arc::new(Authority::new(row.cert_id, certificate)));
        }
        Err(error) => {
            tracing::warn!(cert_id = row.cert_id, %error, "a stored CA certificate is unreadable");
        }
    }
}
