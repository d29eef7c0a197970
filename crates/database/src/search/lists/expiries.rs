//! `GET /expiries`

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{List, ListColumn, ListRules};
use crate::schema::expiring;
use crate::search::statements::{count_rows, load_rows};
use crate::search::{ConditionFn, Order, one_of};

/// Everything in force that ends, in pages; what ends first comes first.
pub struct ExpiryList;

/// Something that ends.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = expiring)]
#[expect(missing_docs, reason = "fields are the columns of the view")]
pub struct ExpiryItem {
    pub kind: Option<String>,
    /// None for what only a secret names.
    pub item_id: Option<String>,
    pub item_name: Option<String>,
    /// None for certificates of authorities.
    pub partner_id: Option<String>,
    pub partner_name: Option<String>,
    pub partner_domain: Option<String>,
    pub policy_name: Option<String>,
    pub ends_at: Option<NaiveDateTime>,
}

impl ExpiryList {
    /// What ends between the two instants, both included.
    pub fn ending(from: NaiveDateTime, till: NaiveDateTime) -> ConditionFn<expiring::table> {
        Box::new(move || Box::new(expiring::ends_at.between(from, till)))
    }

    /// What these partners have.
    pub fn of_partners(ids: Vec<String>) -> ConditionFn<expiring::table> {
        one_of(|| Box::new(expiring::partner_id), ids)
    }
}

static COLUMNS: [ListColumn<expiring::table>; 6] = [
    ListColumn::text("type", || Box::new(expiring::kind)).exact(),
    ListColumn::text("name", || Box::new(expiring::item_name)).contains(),
    ListColumn::text("partnerId", || Box::new(expiring::partner_id)).contains(),
    ListColumn::text("orgName", || Box::new(expiring::partner_name)).contains(),
    ListColumn::text("policyName", || Box::new(expiring::policy_name)).contains(),
    ListColumn::time("expiryDateTime", || Box::new(expiring::ends_at)),
];

impl List for ExpiryList {
    type Source = expiring::table;
    type Row = ExpiryItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn columns() -> &'static [ListColumn<expiring::table>] {
        &COLUMNS
    }

    fn newest() -> Vec<Order<expiring::table>> {
        vec![
            Box::new(expiring::ends_at.asc()),
            Box::new(expiring::kind.asc()),
            Box::new(expiring::row_key.asc()),
        ]
    }

    load_rows!(expiring::table => ExpiryItem);
    count_rows!(expiring::table);
}
