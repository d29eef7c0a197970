//! `POST /partners/search` and `POST /partners/filtervalues`.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pms_domain::BusinessError;

use crate::functions::lower;
use crate::partners::Partner;
use crate::schema::partner::{self, table};
use crate::search::errors::ENCRYPTED_COLUMN;
use crate::search::request::same;
use crate::search::{
    Column, Condition, Entity, Expr, Filter, Keyed, Maker, Narrow, Order, Rules, SearchRequest,
};

/// Partners, with what is known of people as it is stored.
pub struct Partners;

static COLUMNS: [Column<table>; 18] = [
    Column::text("id", || Box::new(partner::id.nullable())),
    Column::text("crBy", || Box::new(partner::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(partner::cr_dtimes.nullable())),
    Column::instant("delDtimes", || Box::new(partner::del_dtimes)),
    Column::text("emailIdHash", || Box::new(partner::email_id_hash)).not_in_row(),
    Column::bool("isActive", || Box::new(partner::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(partner::is_deleted)),
    Column::text("name", || Box::new(partner::name.nullable())),
    Column::text("policyGroupId", || Box::new(partner::policy_group_id)),
    Column::text("certificateAlias", || Box::new(partner::certificate_alias)),
    Column::text(TYPE, || Box::new(partner::partner_type_code.nullable())),
    Column::text("approvalStatus", || {
        Box::new(partner::approval_status.nullable())
    }),
    Column::text("updBy", || Box::new(partner::upd_by)),
    Column::instant("updDtimes", || Box::new(partner::upd_dtimes)),
    Column::text("userId", || Box::new(partner::user_id.nullable())),
    Column::text("langCode", || Box::new(partner::lang_code)),
    Column::text("logoUrl", || Box::new(partner::logo_url)).not_in_row(),
    Column::text("additionalInfo", || Box::new(partner::addl_info)).not_in_row(),
];

const TYPE: &str = "partnerTypeCode";

/// Columns that hold cipher texts: comparing them is of no use.
const ENCRYPTED: [&str; 3] = ["contactNo", "emailId", "address"];

/// Columns whose values tell more than a partner needs to know.
const INTERNAL: [&str; 3] = ["emailIdHash", "additionalInfo", "certificateAlias"];

impl Partners {
    /// What the member `partnerType` of a search adds to its filters.
    pub fn of_type(partner_type: &str) -> Option<Filter> {
        let all = partner_type.eq_ignore_ascii_case("all");
        (!all).then(|| Filter::equals(TYPE, partner_type))
    }

    /// The user's own partners alone: those whose `user_id` or `id` is the
    /// user's id, ignoring case.
    pub fn owned_by(user_id: &str) -> Maker<table> {
        let user_id = user_id.to_owned();
        Box::new(move || {
            let by_user = lower(partner::user_id).eq(lower(user_id.clone()));
            let by_id = lower(partner::id).eq(lower(user_id.clone()));
            Box::new(by_user.or(by_id).nullable())
        })
    }

    /// Refuses columns whose values can't be listed, and for all but
    /// administrators those whose values are nobody's business.
    ///
    /// # Errors
    /// `KER_PRT_391` for the first of them.
    pub fn listable<'a>(
        names: impl Iterator<Item = &'a str> + Clone,
        administrator: bool,
    ) -> Result<(), BusinessError> {
        refuse(names.clone(), &ENCRYPTED)?;
        if administrator {
            return Ok(());
        }
        refuse(names, &INTERNAL)
    }
}

/// Refuses the first name that is one of `columns`, ignoring case.
fn refuse<'a>(names: impl Iterator<Item = &'a str>, columns: &[&str]) -> Result<(), BusinessError> {
    for name in names {
        if columns.iter().any(|column| same(column, name)) {
            return Err(ENCRYPTED_COLUMN.with(&[name]));
        }
    }
    Ok(())
}

impl Entity for Partners {
    type Source = table;
    type Row = Partner;
    const CODE_IS_UNIQUE: bool = true;

    fn columns() -> &'static [Column<table>] {
        &COLUMNS
    }

    fn alive() -> Condition<table> {
        Box::new(partner::is_deleted.is_distinct_from(true).nullable())
    }

    fn age() -> Vec<Order<table>> {
        vec![
            Box::new(partner::cr_dtimes.asc()),
            Box::new(partner::id.asc()),
        ]
    }

    fn tie_breaker() -> Vec<Order<table>> {
        vec![Box::new(partner::id.asc())]
    }

    fn code() -> Expr<table, Nullable<Text>> {
        Box::new(partner::id.nullable())
    }

    fn keyed() -> Option<Keyed<table>> {
        Some(Keyed {
            column: || Box::new(partner::id.nullable()),
            keys: |conn, narrow| {
                narrow
                    .apply(table.select(partner::id).into_boxed())
                    .load(conn)
            },
        })
    }

    fn prepare(
        request: &mut SearchRequest,
        _: &mut Vec<Maker<table>>,
        _: &Rules,
    ) -> Result<(), BusinessError> {
        let filters = request.filters.iter().flatten();
        let sorts = request.sort.iter().flatten();
        let filtered = filters.filter_map(|filter| filter.column_name.as_deref());
        let sorted = sorts.filter_map(|sort| sort.sort_field.as_deref());
        refuse(filtered.chain(sorted), &ENCRYPTED)
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<table>) -> QueryResult<Vec<Partner>> {
        narrow.apply(Partner::query().into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<table>) -> QueryResult<i64> {
        narrow.filter(table.count().into_boxed()).get_result(conn)
    }

    fn values(
        conn: &mut PgConnection,
        value: Expr<table, Nullable<Text>>,
        distinct: bool,
        narrow: Narrow<table>,
    ) -> QueryResult<Vec<(Option<String>, Option<String>)>> {
        let query = table.select((Self::code(), value)).into_boxed();
        let query = if distinct { query.distinct() } else { query };
        narrow.apply(query).load(conn)
    }
}
