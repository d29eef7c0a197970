//! Names of what the rows of a page refer to.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::schema::{auth_policy, partner};

/// Names by id; what is gone has none.
type Names = HashMap<String, String>;

/// Names of partners.
pub(super) fn of_partners(conn: &mut PgConnection, ids: &[&str]) -> QueryResult<Names> {
    let named = partner::table
        .filter(partner::id.eq_any(ids))
        .select((partner::id, partner::name));
    Ok(named.load(conn)?.into_iter().collect())
}

/// Names of policies.
pub(super) fn of_policies(conn: &mut PgConnection, ids: &[&str]) -> QueryResult<Names> {
    let named = auth_policy::table
        .filter(auth_policy::id.eq_any(ids))
        .select((auth_policy::id, auth_policy::name));
    Ok(named.load(conn)?.into_iter().collect())
}
