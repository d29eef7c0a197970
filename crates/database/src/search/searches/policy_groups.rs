//! `POST /policies/group/search` and `POST /policies/group/filtervalues`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::policy_groups::PolicyGroup;
use crate::schema::policy_group::{self, table};
use crate::search::statements::{count_rows, load_rows, usual_columns, value_rows};
use crate::search::{Column, Entity, Expr};

/// Policy groups; the wire shows the columns as they are.
pub struct PolicyGroups;

static COLUMNS: [Column<table>; 11] = [
    Column::text("id", || Box::new(policy_group::id.nullable())),
    Column::text("name", || Box::new(policy_group::name.nullable())),
    Column::text("desc", || Box::new(policy_group::descr.nullable())),
    Column::text("userId", || Box::new(policy_group::user_id.nullable())),
    Column::bool("isActive", || Box::new(policy_group::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(policy_group::is_deleted)),
    Column::text("crBy", || Box::new(policy_group::cr_by.nullable())),
    Column::local("crDtimes", || Box::new(policy_group::cr_dtimes.nullable())),
    Column::text("updBy", || Box::new(policy_group::upd_by)),
    Column::local("updDtimes", || Box::new(policy_group::upd_dtimes)),
    Column::local("delDtimes", || Box::new(policy_group::del_dtimes)),
];

impl Entity for PolicyGroups {
    type Source = table;
    type Row = PolicyGroup;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(policy_group, id);

    fn code() -> Expr<table, Nullable<Text>> {
        Box::new(policy_group::name.nullable())
    }

    load_rows!(table => PolicyGroup);
    count_rows!(table);
    value_rows!(table);
}
