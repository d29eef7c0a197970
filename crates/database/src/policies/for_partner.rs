//! A policy for a partner that has an active API key for it: the most frequent read.

use std::fmt::Write as _;

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use super::PolicyWithGroup;
use crate::flags::Flag;
use crate::pairs::{among, pair};
use crate::pool::{ByKey, has_nul};
use crate::row_version::{Versioned, Xmin};
use crate::schema::{auth_policy, partner_policy, policy_group};

/// The state that the rows of a policy and its group are in. Every change of either
/// row makes another one, also a change by hand.
///
/// The numbers of transactions say so. A database that was restored from a dump
/// counts them anew; the times keep its versions apart from those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct PolicyVersion {
    policy: Option<u32>,
    group: Option<u32>,
    made: NaiveDateTime,
    changed: Option<NaiveDateTime>,
    group_changed: Option<NaiveDateTime>,
}

impl PolicyVersion {
    /// The version as text, fit for an `ETag`.
    pub fn name(&self) -> String {
        let micros = |at: NaiveDateTime| at.and_utc().timestamp_micros();
        let changed = micros(self.changed.unwrap_or(self.made));
        let of_policy = self.policy.unwrap_or_default();
        let mut name = format!("{of_policy:x}-{changed:x}");
        if let Some(of_group) = self.group {
            let changed = self.group_changed.map_or(0, micros);
            // Writing to a text can't fail.
            let _ = write!(name, "-{of_group:x}-{changed:x}");
        }
        name
    }
}

/// The columns of a [`PolicyVersion`].
#[diesel::dsl::auto_type]
fn version() -> _ {
    let policy: Xmin<auth_policy::table> = Xmin::of(auth_policy::table);
    let group: Xmin<policy_group::table> = Xmin::of(policy_group::table);
    (
        policy,
        group,
        auth_policy::cr_dtimes,
        auth_policy::upd_dtimes,
        policy_group::upd_dtimes.nullable(),
    )
}

impl Versioned for auth_policy::table {
    const NAME: &'static str = "auth_policy";
}

impl Versioned for policy_group::table {
    const NAME: &'static str = "policy_group";
}

/// The active API keys of a partner for a policy.
macro_rules! active_keys {
    ($policy_id:expr, $partner_id:expr) => {
        partner_policy::table
            .filter(partner_policy::part_id.eq($partner_id))
            .filter(partner_policy::policy_id.eq($policy_id))
            .filter(partner_policy::is_active)
            .filter(Flag::is_not_true(partner_policy::is_deleted))
    };
}

/// The policies of pairs with their groups, where the partner of the pair has an active
/// API key. PostgreSQL looks a single value up for each pair; for `EXISTS` it may plan to
/// read all keys instead, since it does not know how few of them match.
macro_rules! wanted_policies {
    () => {
        pair::table
            .inner_join(auth_policy::table.on(auth_policy::id.eq(pair::first)))
            .left_join(
                policy_group::table
                    .on(auth_policy::policy_group_id.eq(policy_group::id.nullable())),
            )
            .filter(
                active_keys!(pair::first, pair::second)
                    .select(partner_policy::is_active)
                    .single_value()
                    .is_not_null(),
            )
    };
}

/// The policy and its version, if the partner has an active API key for it.
///
/// The most frequent read of all, so one statement. An unknown policy can have
/// no key, and so needs no answer of its own.
pub fn for_partner(
    conn: &mut PgConnection,
    policy_id: &str,
    partner_id: &str,
) -> QueryResult<Option<(PolicyWithGroup, PolicyVersion)>> {
    auth_policy::table
        .left_join(policy_group::table)
        .filter(auth_policy::id.eq(policy_id))
        .filter(exists(active_keys!(policy_id, partner_id)))
        .select((PolicyWithGroup::as_select(), version()))
        .first(conn)
        .optional()
}

/// The version that [`for_partner`] would find, without the rows.
pub fn version_for_partner(
    conn: &mut PgConnection,
    policy_id: &str,
    partner_id: &str,
) -> QueryResult<Option<PolicyVersion>> {
    auth_policy::table
        .left_join(policy_group::table)
        .filter(auth_policy::id.eq(policy_id))
        .filter(exists(active_keys!(policy_id, partner_id)))
        .select(version())
        .first(conn)
        .optional()
}

/// Policies and partners, by their ids.
pub type PolicyAndPartner = (String, String);

/// What [`for_partner`] finds, of many policies and partners.
pub struct PolicyForPartner;

impl ByKey for PolicyForPartner {
    type Key = PolicyAndPartner;
    type Row = (PolicyWithGroup, PolicyVersion);

    fn is_odd((policy_id, partner_id): &PolicyAndPartner) -> bool {
        has_nul(policy_id) || has_nul(partner_id)
    }

    fn find(
        conn: &mut PgConnection,
        (policy_id, partner_id): &PolicyAndPartner,
    ) -> QueryResult<Option<Self::Row>> {
        for_partner(conn, policy_id, partner_id)
    }

    fn load(
        conn: &mut PgConnection,
        wanted: &[PolicyAndPartner],
    ) -> QueryResult<Vec<(PolicyAndPartner, Self::Row)>> {
        let rows = wanted_policies!().select((
            (pair::first, pair::second),
            (PolicyWithGroup::as_select(), version()),
        ));
        among(wanted, rows).load(conn)
    }
}

/// What [`version_for_partner`] finds, of many policies and partners.
pub struct VersionForPartner;

impl ByKey for VersionForPartner {
    type Key = PolicyAndPartner;
    type Row = PolicyVersion;

    fn is_odd((policy_id, partner_id): &PolicyAndPartner) -> bool {
        has_nul(policy_id) || has_nul(partner_id)
    }

    fn find(
        conn: &mut PgConnection,
        (policy_id, partner_id): &PolicyAndPartner,
    ) -> QueryResult<Option<Self::Row>> {
        version_for_partner(conn, policy_id, partner_id)
    }

    fn load(
        conn: &mut PgConnection,
        wanted: &[PolicyAndPartner],
    ) -> QueryResult<Vec<(PolicyAndPartner, Self::Row)>> {
        let rows = wanted_policies!().select(((pair::first, pair::second), version()));
        among(wanted, rows).load(conn)
    }
}
