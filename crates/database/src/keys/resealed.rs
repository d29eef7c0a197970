//! Private keys whose key encryption key changes.

use diesel::prelude::*;

use crate::Stamp;
use crate::rows::changed_by;
use crate::schema::{key_store, master_key};

/// Replaces the sealed private key of a master key.
pub fn reseal_master(
    conn: &mut PgConnection,
    id: &str,
    kek_id: &str,
    sealed: &[u8],
) -> QueryResult<()> {
    diesel::update(master_key::table.find(id))
        .set((
            master_key::kek_id.eq(kek_id),
            master_key::private_key.eq(sealed),
        ))
        .execute(conn)?;
    Ok(())
}

/// Replaces the sealed private key of a base key.
pub fn reseal_base(
    conn: &mut PgConnection,
    id: &str,
    sealed: &str,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(key_store::table.find(id))
        .set((
            key_store::private_key.eq(sealed),
            changed_by!(key_store, stamp),
        ))
        .execute(conn)?;
    Ok(())
}
