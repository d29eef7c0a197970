//! Changes of a policy; each appends its history row.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3"
)]

use diesel::prelude::*;

use super::{Policy, history};
use crate::Stamp;
use crate::rows::change_row;
use crate::schema::auth_policy;

/// New values of a draft.
#[derive(Debug, Clone, Copy)]
pub struct PolicyChange<'a> {
    pub name: &'a str,
    pub descr: &'a str,
    pub document: &'a str,
    pub version: &'a str,
}

/// Gives the policy new values.
///
/// # Errors
/// `NotFound` for an unknown id; a unique violation of `uk_apol` for a taken name.
pub fn update(
    conn: &mut PgConnection,
    id: &str,
    change: &PolicyChange<'_>,
    stamp: &Stamp,
) -> QueryResult<Policy> {
    let columns = (
        auth_policy::name.eq(change.name),
        auth_policy::descr.eq(change.descr),
        auth_policy::policy_file_id.eq(change.document),
        auth_policy::version.eq(change.version),
    );
    let policy = change_row!(conn, auth_policy, id, Policy, columns, stamp)?;
    history::append(conn, &policy, stamp)?;
    Ok(policy)
}

/// Marks the policy published under the schema with this URL.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn publish(
    conn: &mut PgConnection,
    id: &str,
    schema: &str,
    stamp: &Stamp,
) -> QueryResult<Policy> {
    let columns = (
        auth_policy::policy_schema.eq(schema),
        auth_policy::is_active.eq(true),
    );
    let policy = change_row!(conn, auth_policy, id, Policy, columns, stamp)?;
    history::append(conn, &policy, stamp)?;
    Ok(policy)
}

/// Switches the policy on or off; its schema stays.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn set_active(
    conn: &mut PgConnection,
    id: &str,
    active: bool,
    stamp: &Stamp,
) -> QueryResult<Policy> {
    let columns = auth_policy::is_active.eq(active);
    let policy = change_row!(conn, auth_policy, id, Policy, columns, stamp)?;
    history::append(conn, &policy, stamp)?;
    Ok(policy)
}
