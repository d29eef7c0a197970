//! Keys and policies that another key manager made. What is there already
//! stays as it is.

use diesel::prelude::*;

use super::{KeyAlias, KeyPolicy, MasterKey, StoredKey};
use crate::Stamp;
use crate::rows::{changed_by, created_by};
use crate::schema::{key_alias, key_policy_def, key_store, master_key};

/// The alias with this id.
pub fn find_alias(conn: &mut PgConnection, id: &str) -> QueryResult<Option<KeyAlias>> {
    KeyAlias::query()
        .filter(key_alias::id.eq(id))
        .first(conn)
        .optional()
}

/// Adds an alias; `false` when its id or its unique identifier is taken.
pub fn add_alias(conn: &mut PgConnection, alias: &KeyAlias, stamp: &Stamp) -> QueryResult<bool> {
    let added = diesel::insert_into(key_alias::table)
        .values((
            alias,
            created_by!(key_alias, stamp),
            key_alias::is_deleted.eq(Some(false)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(added > 0)
}

/// Adds a master key; `false` when its id is taken.
pub fn add_master(conn: &mut PgConnection, key: &MasterKey, stamp: &Stamp) -> QueryResult<bool> {
    let added = diesel::insert_into(master_key::table)
        .values((key, created_by!(master_key, stamp)))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(added > 0)
}

/// Adds a base key or a certificate of another domain; `false` when its id is
/// taken.
pub fn add_stored(conn: &mut PgConnection, key: &StoredKey, stamp: &Stamp) -> QueryResult<bool> {
    let added = diesel::insert_into(key_store::table)
        .values((
            key,
            created_by!(key_store, stamp),
            key_store::is_deleted.eq(Some(false)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(added > 0)
}

/// Adds the key policy of an application that has none.
pub fn add_policy(conn: &mut PgConnection, policy: &KeyPolicy, stamp: &Stamp) -> QueryResult<()> {
    diesel::insert_into(key_policy_def::table)
        .values((
            key_policy_def::app_id.eq(&policy.app_id),
            key_policy_def::key_validity_duration.eq(policy.key_validity_duration),
            key_policy_def::is_active.eq(policy.is_active),
            key_policy_def::pre_expire_days.eq(policy.pre_expire_days),
            key_policy_def::access_allowed.eq(&policy.access_allowed),
            created_by!(key_policy_def, stamp),
            key_policy_def::is_deleted.eq(Some(false)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Replaces a key policy that has not changed since it was made; `false` when
/// it has.
pub fn replace_policy(
    conn: &mut PgConnection,
    policy: &KeyPolicy,
    stamp: &Stamp,
) -> QueryResult<bool> {
    let untouched = key_policy_def::table
        .find(&policy.app_id)
        .filter(key_policy_def::upd_dtimes.is_null());
    let replaced = diesel::update(untouched)
        .set((
            key_policy_def::key_validity_duration.eq(policy.key_validity_duration),
            key_policy_def::is_active.eq(policy.is_active),
            key_policy_def::pre_expire_days.eq(policy.pre_expire_days),
            key_policy_def::access_allowed.eq(&policy.access_allowed),
            changed_by!(key_policy_def, stamp),
        ))
        .execute(conn)?;
    Ok(replaced > 0)
}
