//! Which keys there are.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract keymanager.md §5"
)]

use diesel::prelude::*;

use super::{KeyAlias, MasterKey, NO_PRIVATE_KEY, StoredKey};
use crate::schema::{key_alias, key_store, master_key};

/// An alias and the key of ours behind it; none of the two when the key is not
/// here.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
pub struct KeyRow {
    #[diesel(embed)]
    pub alias: KeyAlias,
    #[diesel(embed)]
    pub master: Option<MasterKey>,
    #[diesel(embed)]
    pub base: Option<StoredKey>,
}

/// Every key of ours, newest first within its application and reference; not
/// the certificates of other domains.
pub fn list_key_rows(conn: &mut PgConnection) -> QueryResult<Vec<KeyRow>> {
    key_alias::table
        .left_join(master_key::table)
        .left_join(key_store::table)
        .filter(
            key_store::private_key
                .nullable()
                .is_distinct_from(Some(NO_PRIVATE_KEY)),
        )
        .order((
            key_alias::app_id,
            key_alias::ref_id,
            key_alias::key_gen_dtimes.desc(),
            key_alias::id,
        ))
        .select(KeyRow::as_select())
        .load(conn)
}

/// How many certificates of other domains there are.
pub fn count_other_domains(conn: &mut PgConnection) -> QueryResult<i64> {
    key_store::table
        .filter(key_store::private_key.eq(NO_PRIVATE_KEY))
        .count()
        .get_result(conn)
}
