//! Rows and queries of the key tables of the embedded key manager.
//!
//! An alias says which key serves an application and reference from when to
//! when. The key behind it is a master key, a base key or, for a certificate of
//! another domain, no key at all (contract keymanager.md §4).
#![expect(
    missing_docs,
    reason = "fields are the columns of contract keymanager.md §5"
)]

mod certificates;

mod exclusive;
pub mod foreign;
mod imported;
mod overview;
mod resealed;

use chrono::NaiveDateTime;
use diesel::prelude::*;

pub use exclusive::{Ending, exclusively};
pub use imported::{add_alias, add_master, add_policy, add_stored, find_alias, replace_policy};
pub use overview::{KeyRow, count_other_domains, list_key_rows};
pub use resealed::{reseal_base, reseal_master};

use crate::rows::{changed_by, created_by};
use crate::schema::{key_alias, key_policy_def, key_store, master_key};
use crate::{Stamp, locks};

pub use certificates::{master_certificates, replace_certificate, with_certificates};

/// `private_key` of a certificate that another domain holds the key of.
pub const NO_PRIVATE_KEY: &str = "NA";

/// Which key serves an application and reference, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable, Insertable)]
#[diesel(table_name = key_alias)]
pub struct KeyAlias {
    pub id: String,
    pub app_id: String,
    /// Empty for the application's master key.
    pub ref_id: String,
    pub key_gen_dtimes: NaiveDateTime,
    pub key_expire_dtimes: NaiveDateTime,
    /// Upper-case hex SHA-256 of the DER form.
    pub cert_thumbprint: Option<String>,
    pub uni_ident: Option<String>,
}

/// A wrapped base key and its certificate, or a certificate of another domain
/// (`master_key` is its own id and `private_key` is `NA`).
#[derive(Clone, PartialEq, Eq, HasQuery, Identifiable, Insertable)]
#[diesel(table_name = key_store)]
pub struct StoredKey {
    pub id: String,
    pub master_key: String,
    pub private_key: String,
    pub certificate_data: String,
}

/// A master key, wrapped by the installation's key encryption key.
#[derive(Clone, PartialEq, Eq, HasQuery, Identifiable, Insertable)]
#[diesel(table_name = master_key)]
pub struct MasterKey {
    pub id: String,
    /// Which key encryption key wraps it.
    pub kek_id: String,
    pub private_key: Vec<u8>,
    /// PEM.
    pub certificate_data: String,
}

/// How long an application's keys live.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = key_policy_def)]
#[diesel(primary_key(app_id))]
pub struct KeyPolicy {
    pub app_id: String,
    /// Days.
    pub key_validity_duration: Option<i16>,
    pub is_active: bool,
    /// Days before its end in which a key isn't used any more.
    pub pre_expire_days: Option<i16>,
    /// `NA` for every user, else user names with commas.
    pub access_allowed: Option<String>,
}

impl std::fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKey")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Lets one transaction at a time make keys for an application and reference,
/// and none while a transaction has the tables [`exclusively`].
pub fn lock(conn: &mut PgConnection, app_id: &str, ref_id: &str) -> QueryResult<()> {
    locks::hold_shared(conn, locks::Lock::KeyTables)?;
    locks::hold(conn, locks::Lock::Key { app_id, ref_id })
}

/// All aliases of the application and reference, newest first. An empty
/// reference means the application's master key.
pub fn aliases(conn: &mut PgConnection, app_id: &str, ref_id: &str) -> QueryResult<Vec<KeyAlias>> {
    KeyAlias::query()
        .filter(key_alias::app_id.eq(app_id))
        .filter(key_alias::ref_id.eq(ref_id))
        .order((key_alias::key_gen_dtimes.desc(), key_alias::id))
        .load(conn)
}

/// The aliases whose certificate has one of these SHA-256, in upper-case hex.
pub fn aliases_by_thumbprints(
    conn: &mut PgConnection,
    thumbprints: &[String],
) -> QueryResult<Vec<KeyAlias>> {
    KeyAlias::query()
        .filter(key_alias::cert_thumbprint.eq_any(thumbprints))
        .order((key_alias::key_gen_dtimes.desc(), key_alias::id))
        .load(conn)
}

/// Inserts an alias.
///
/// # Errors
/// A taken `uni_ident` is a unique violation of `uk_key_alias_uni_ident`.
pub fn insert_alias(conn: &mut PgConnection, alias: &KeyAlias, stamp: &Stamp) -> QueryResult<()> {
    diesel::insert_into(key_alias::table)
        .values((
            alias,
            created_by!(key_alias, stamp),
            key_alias::is_deleted.eq(Some(false)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends an alias at `end`.
pub fn expire_alias(
    conn: &mut PgConnection,
    id: &str,
    end: NaiveDateTime,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(key_alias::table.find(id))
        .set((
            key_alias::key_expire_dtimes.eq(end),
            changed_by!(key_alias, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// The base key or certificate of another domain behind an alias.
pub fn find_stored(conn: &mut PgConnection, id: &str) -> QueryResult<Option<StoredKey>> {
    StoredKey::query()
        .filter(key_store::id.eq(id))
        .first(conn)
        .optional()
}

/// Inserts a base key or a certificate of another domain.
pub fn insert_stored(conn: &mut PgConnection, key: &StoredKey, stamp: &Stamp) -> QueryResult<()> {
    diesel::insert_into(key_store::table)
        .values((
            key,
            created_by!(key_store, stamp),
            key_store::is_deleted.eq(Some(false)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The master key behind an alias.
pub fn find_master(conn: &mut PgConnection, id: &str) -> QueryResult<Option<MasterKey>> {
    MasterKey::query()
        .filter(master_key::id.eq(id))
        .first(conn)
        .optional()
}

/// Every master key.
pub fn list_masters(conn: &mut PgConnection) -> QueryResult<Vec<MasterKey>> {
    MasterKey::query().order(master_key::id).load(conn)
}

/// Every base key of ours; not the certificates of other domains.
pub fn list_base_keys(conn: &mut PgConnection) -> QueryResult<Vec<StoredKey>> {
    StoredKey::query()
        .filter(key_store::private_key.ne(NO_PRIVATE_KEY))
        .order(key_store::id)
        .load(conn)
}

/// SHA-256 thumbprints (upper-case hex) of all master keys that these
/// applications ever had.
pub fn master_thumbprints(conn: &mut PgConnection, app_ids: &[&str]) -> QueryResult<Vec<String>> {
    let found: Vec<Option<String>> = key_alias::table
        .filter(key_alias::app_id.eq_any(app_ids))
        .filter(key_alias::ref_id.eq(""))
        .filter(key_alias::cert_thumbprint.is_not_null())
        .select(key_alias::cert_thumbprint)
        .load(conn)?;
    Ok(found.into_iter().flatten().collect())
}

/// Inserts a master key.
pub fn insert_master(conn: &mut PgConnection, key: &MasterKey, stamp: &Stamp) -> QueryResult<()> {
    diesel::insert_into(master_key::table)
        .values((key, created_by!(master_key, stamp)))
        .execute(conn)?;
    Ok(())
}

/// The key policies of some applications; exact case.
pub fn policies(conn: &mut PgConnection, app_ids: &[&str]) -> QueryResult<Vec<KeyPolicy>> {
    KeyPolicy::query()
        .filter(key_policy_def::app_id.eq_any(app_ids))
        .load(conn)
}

/// The key policy of an application; exact case.
pub fn policy(conn: &mut PgConnection, app_id: &str) -> QueryResult<Option<KeyPolicy>> {
    KeyPolicy::query()
        .filter(key_policy_def::app_id.eq(app_id))
        .first(conn)
        .optional()
}
