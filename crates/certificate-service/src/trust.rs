//! The trust stores of the domains, kept in memory (contract keymanager.md §7).

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{NaiveDateTime, TimeDelta};
use pms_database::certificates::{
    CaCertificate, TrustVersion, find_trusted, list_trusted, trust_version, trusted_since,
};
use pms_database::{Connection, DbError};
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
    ) -> Result<Arc<TrustStore>, DbError> {
        self.of_name(conn, domain.as_str())
    }

    /// The present trust store of the domain that a row names.
    pub(crate) fn of_name(
        &self,
        conn: &mut Connection,
        domain: &str,
    ) -> Result<Arc<TrustStore>, DbError> {
        let known = self.known(domain);
        let version = trust_version(conn, domain)?;
        if version == known.version {
            return Ok(known.store);
        }
        let only_more =
            (known.version.ended, known.version.changed) == (version.ended, version.changed);
        let mut fresh = match known.version.newest {
            Some(newest) if only_more => added(conn, domain, &known, newest - late())?,
            _ => all(conn, domain)?,
        };
        if count(&fresh) != version.certificates {
            // Something was taken away, or came with an old date.
            fresh = all(conn, domain)?;
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

/// Everything that the domain trusts.
fn all(conn: &mut Connection, domain: &str) -> Result<Known, DbError> {
    Ok(Known::default().with(list_trusted(conn, domain)?))
}

/// `known` with the rows since `since` that it lacks. Only those are read in
/// full: during many uploads most rows of the last minutes are known.
fn added(
    conn: &mut Connection,
    domain: &str,
    known: &Known,
    since: NaiveDateTime,
) -> Result<Known, DbError> {
    let mut lacking = trusted_since(conn, domain, since)?;
    lacking.retain(|id| !known.ids.contains(id));
    Ok(known.with(find_trusted(conn, &lacking)?))
}

impl Known {
    /// The same with more rows.
    fn with(&self, rows: Vec<CaCertificate>) -> Self {
        let (mut store, mut ids) = (TrustStore::clone(&self.store), HashSet::clone(&self.ids));
        for row in rows {
            if ids.insert(row.cert_id.clone()) {
                add(&mut store, row);
            }
        }
        Self {
            version: self.version,
            store: Arc::new(store),
            ids: Arc::new(ids),
        }
    }
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
