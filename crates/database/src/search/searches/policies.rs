//! `POST /policies/search` and `POST /policies/filtervalues`.

use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;
use pms_domain::BusinessError;

use super::virtual_columns::{need_names, rename, take_late_value};
use crate::policies::Policy;
use crate::schema::{auth_policy, policy_group};
use crate::search::statements::{count_rows, key_lookup, load_rows, usual_columns, value_rows};
use crate::search::{Column, Entity, Filter, Rules, SearchRequest, TakenOut, contains_exactly};

/// Policies, with the names of their groups.
pub struct Policies;

type Source = LeftJoinQuerySource<auth_policy::table, policy_group::table>;

/// A policy and the name of its group.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = auth_policy)]
#[diesel(base_query = auth_policy::table.left_join(policy_group::table))]
pub struct PolicyFound {
    /// The policy.
    #[diesel(embed)]
    pub policy: Policy,
    /// Name of its group.
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
}

static COLUMNS: [Column<Source>; 16] = [
    Column::text("id", || Box::new(auth_policy::id.nullable())),
    Column::text("name", || Box::new(auth_policy::name.nullable())),
    Column::text(DESCRIPTION, || Box::new(auth_policy::descr.nullable())).not_in_row(),
    Column::text("policyFileId", || {
        Box::new(auth_policy::policy_file_id.nullable())
    })
    .not_in_row(),
    Column::text("policyType", || {
        Box::new(auth_policy::policy_type.nullable())
    }),
    Column::text("version", || Box::new(auth_policy::version.nullable())),
    Column::text("schema", || Box::new(auth_policy::policy_schema)),
    Column::local("validFromDate", || {
        Box::new(auth_policy::valid_from_date.nullable())
    }),
    Column::local("validToDate", || {
        Box::new(auth_policy::valid_to_date.nullable())
    }),
    Column::bool("isActive", || Box::new(auth_policy::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(auth_policy::is_deleted)),
    Column::text("crBy", || Box::new(auth_policy::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(auth_policy::cr_dtimes.nullable())),
    Column::text("updBy", || Box::new(auth_policy::upd_by)),
    Column::local("updDtimes", || Box::new(auth_policy::upd_dtimes)),
    Column::local("delDtimes", || Box::new(auth_policy::del_dtimes)),
];

/// The description under its raw name; rows call it `desc`.
const DESCRIPTION: &str = "descr";

/// What the member `policyType` of a search adds to its filters.
pub fn of_type(policy_type: &str) -> Option<Filter> {
    let all = policy_type.eq_ignore_ascii_case("all");
    (!all).then(|| Filter::equals("policyType", policy_type))
}

impl Entity for Policies {
    type Source = Source;
    type Row = PolicyFound;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(auth_policy, id);

    fn prepare(
        request: &mut SearchRequest,
        taken: &mut TakenOut<Source>,
        rules: &Rules,
    ) -> Result<(), BusinessError> {
        let Some(filters) = request.filters.as_mut() else {
            return Ok(());
        };
        need_names(filters, rules.neutral)?;
        if let Some(name) = take_late_value(filters, "policyGroupName", rules.neutral, taken) {
            taken.push(Box::new(move || {
                contains_exactly(Box::new(policy_group::name.nullable()), &name)
            }));
        }
        rename(filters, "desc", DESCRIPTION);
        Ok(())
    }

    key_lookup!(rows(), auth_policy::id);
    load_rows!(rows() => PolicyFound);
    count_rows!(rows());
    value_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    auth_policy::table.left_join(policy_group::table)
}
