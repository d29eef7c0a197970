//! Certificates of keys: listing and replacing them, without the private halves.

use diesel::prelude::*;

use super::KeyAlias;
use crate::Stamp;
use crate::rows::changed_by;
use crate::schema::{key_alias, key_store, master_key};

/// The aliases of an application and reference with their certificates as PEM,
/// newest first. An alias whose key is not here has none.
pub fn with_certificates(
    conn: &mut PgConnection,
    app_id: &str,
    ref_id: &str,
) -> QueryResult<Vec<(KeyAlias, Option<String>)>> {
    let rows: Vec<(KeyAlias, Option<String>, Option<String>)> = key_alias::table
        .left_join(key_store::table)
        .left_join(master_key::table)
        .filter(key_alias::app_id.eq(app_id))
        .filter(key_alias::ref_id.eq(ref_id))
        .order((key_alias::key_gen_dtimes.desc(), key_alias::id))
        .select((
            KeyAlias::as_select(),
            key_store::certificate_data.nullable(),
            master_key::certificate_data.nullable(),
        ))
        .load(conn)?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(alias, stored, master)| (alias, stored.or(master)))
        .collect())
}

/// PEM of every master key that ever was, newest first.
pub fn master_certificates(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    master_key::table
        .order((master_key::cr_dtimes.desc(), master_key::id))
        .select(master_key::certificate_data)
        .load(conn)
}

/// Puts another certificate in the place of the one of a key of ours; `alias`
/// has the dates and the thumbprint of the new one.
pub fn replace_certificate(
    conn: &mut PgConnection,
    alias: &KeyAlias,
    pem: &str,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(key_alias::table.find(&alias.id))
        .set((
            key_alias::key_gen_dtimes.eq(alias.key_gen_dtimes),
            key_alias::key_expire_dtimes.eq(alias.key_expire_dtimes),
            key_alias::cert_thumbprint.eq(&alias.cert_thumbprint),
            changed_by!(key_alias, stamp),
        ))
        .execute(conn)?;
    diesel::update(key_store::table.find(&alias.id))
        .set((
            key_store::certificate_data.eq(pem),
            changed_by!(key_store, stamp),
        ))
        .execute(conn)?;
    diesel::update(master_key::table.find(&alias.id))
        .set(master_key::certificate_data.eq(pem))
        .execute(conn)?;
    Ok(())
}
