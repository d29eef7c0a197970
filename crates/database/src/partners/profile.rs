//! What the profile of a partner shows.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.2 and §2.5"
)]

use diesel::prelude::*;

use crate::pool::{ByKey, has_nul, padded};
use crate::schema::{partner, policy_group};

// The policy group of a partner, also beside a join of all groups.
diesel::alias!(
    pub const OWN_GROUP: Alias<OwnGroup> = policy_group as own_group;
);

/// The columns of a partner that its profile shows, and the name of its group.
/// `Debug` is left out: three of them are personal data.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
pub struct PartnerProfile {
    pub id: String,
    pub policy_group_id: Option<String>,
    pub name: String,
    pub address: Option<String>,
    pub contact_no: Option<String>,
    pub email_id: Option<String>,
    pub user_id: String,
    pub partner_type_code: String,
    pub is_active: bool,
    /// `None` when the partner has no group or its group is gone.
    #[diesel(select_expression = group_name())]
    pub group_name: Option<String>,
}

/// The name of the policy group of a partner. A join would make PostgreSQL read all
/// groups where it looks up several partners.
#[diesel::dsl::auto_type]
pub(crate) fn group_name() -> _ {
    let id = OWN_GROUP.field(policy_group::id);
    OWN_GROUP
        .filter(partner::policy_group_id.eq(id.nullable()))
        .select(OWN_GROUP.field(policy_group::name))
        .single_value()
}

/// Profiles by the ids of partners. They are read for every packet.
pub struct ProfileById;

impl ByKey for ProfileById {
    type Key = String;
    type Row = PartnerProfile;

    fn is_odd(id: &String) -> bool {
        has_nul(id)
    }

    fn find(conn: &mut PgConnection, id: &String) -> QueryResult<Option<PartnerProfile>> {
        find_profile(conn, id)
    }

    fn load(conn: &mut PgConnection, ids: &[String]) -> QueryResult<Vec<(String, PartnerProfile)>> {
        let profiles = PartnerProfile::query()
            .filter(partner::id.eq_any(padded(ids.iter().collect())))
            .load(conn)?;
        let with_id = |profile: PartnerProfile| (profile.id.clone(), profile);
        Ok(profiles.into_iter().map(with_id).collect())
    }
}

/// The profile of the partner with exactly this id.
pub fn find_profile(conn: &mut PgConnection, id: &str) -> QueryResult<Option<PartnerProfile>> {
    PartnerProfile::query()
        .filter(partner::id.eq(id))
        .first(conn)
        .optional()
}
