//! The newer GET lists (contract envelope-and-search.md §10): their checks, order and pages.

use std::any::TypeId;

use diesel::prelude::*;
use pms_domain::BusinessError;
use serde::Serialize;

use super::by_key::{First, KeyLookup, RowKey};
use super::column::{Condition, Order};
use super::entity::ConditionFn;
use super::query_spec::QuerySpec;
use super::totals::{self, Due};
use crate::{Db, DbError};
use checks::Plan;

mod api_keys;
mod approval;
mod checks;
mod column;
mod devices;
mod expiries;
mod expiring_certificates;
mod filter;
mod ftm_chips;
mod interfaces;
mod mapping_requests;
mod newest;
mod notifications;
mod oidc_clients;
mod partners;
mod peer;
mod policies;
mod policy_and_group;
mod revoked_certificates;

pub use api_keys::{ApiKeyItem, ApiKeyList};
pub use column::ListColumn;
pub use devices::{DeviceItem, DeviceList};
pub use expiries::{ExpiryItem, ExpiryList};
pub use expiring_certificates::{ExpiringCertificate, ExpiringCertificates};
pub use filter::{FilterValue, Label, ListFilter, ListFilters};
pub use ftm_chips::{FtmChipItem, FtmChipList};
pub use interfaces::{DeviceCounts, InterfaceItem, InterfaceList};
pub use mapping_requests::{MappingRequestItem, MappingRequestList};
pub use notifications::{Detail, NotificationFilter, NotificationItem, NotificationList};
pub use oidc_clients::{OidcClientItem, OidcClientList};
pub use partners::{PartnerItem, PartnerList};
pub use peer::{PeerList, PeerPage};
pub use policies::{PolicyItem, PolicyList};
pub use policy_and_group::PolicyAndGroup;
pub use revoked_certificates::{ListedRevocation, RevokedCertificates};

/// Rows that are skipped before it costs more to join something to each than to look
/// the page up by its keys.
const DEEP: i64 = 100;

/// Order and page of a list, as the client wrote them. An empty number is
/// absent, an empty text is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Wire name of a column.
    pub sort_field_name: Option<String>,
    /// `asc` or `desc`, in any case.
    pub sort_type: Option<String>,
    /// Index of the page, from 0.
    pub page_no: Option<i64>,
    /// Rows of a page.
    pub page_size: Option<i64>,
}

/// Which checks a list makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRules {
    /// All seven.
    Partner,
    /// Those of the policy service: half an order is no order.
    Policy,
    /// Those of a list in fixed order.
    Unsorted,
}

/// Rows that can be listed. One file per list: its columns, its item, and the
/// statements from `search::statements`.
pub trait List: 'static {
    /// The table or join: diesel's query source.
    type Source: 'static;
    /// What the list answers for each row.
    type Row;
    /// Which checks it makes.
    const RULES: ListRules;
    /// Rows of a page unless the client says; `None` lists all rows then.
    const PAGE_SIZE: Option<i64>;

    /// Every column that clients can order or filter by.
    fn columns() -> &'static [ListColumn<Self::Source>] {
        &[]
    }

    /// The order without one, which also ends every other: newest first, then
    /// the primary key.
    fn newest() -> Vec<Order<Self::Source>>;

    /// The primary key, for lists of many rows.
    fn key_lookup() -> Option<KeyLookup<Self::Source>> {
        None
    }

    /// Rows of a page.
    ///
    /// # Errors
    /// When the statement fails.
    fn load(conn: &mut PgConnection, spec: QuerySpec<Self::Source>) -> QueryResult<Vec<Self::Row>>;

    /// Rows of all pages.
    ///
    /// # Errors
    /// When the statement fails.
    fn count(conn: &mut PgConnection, spec: QuerySpec<Self::Source>) -> QueryResult<i64>;
}

/// `response` of a list (contract envelope-and-search.md §10.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListPage<R> {
    /// Index of the page, from 0.
    pub page_no: i64,
    /// Rows of a page, as requested.
    pub page_size: i64,
    /// Rows of all pages; 0 when this one has none.
    pub total_results: i64,
    /// The rows.
    pub data: Vec<R>,
}

impl<R> ListPage<R> {
    const EMPTY: Self = Self {
        page_no: 0,
        page_size: 0,
        total_results: 0,
        data: Vec::new(),
    };

    /// The wire's form, with each row in its wire form.
    pub fn map<W>(self, row: impl FnMut(R) -> W) -> ListPage<W> {
        ListPage {
            page_no: self.page_no,
            page_size: self.page_size,
            total_results: self.total_results,
            data: self.data.into_iter().map(row).collect(),
        }
    }
}

/// Counts the rows of `L` before [`list`] asks for their number, if it will:
/// without conditions. Call it outside of [`Db::read`].
pub async fn prepare_list<L: List>(db: &Db) {
    let due = Due::new(TypeId::of::<L>(), count_all::<L>);
    db.count_ahead(due).await;
}

/// Makes the checks of `L` alone, for a list that must find out what its caller
/// may see after them.
///
/// # Errors
/// The contract's codes.
pub fn check<L: List>(query: &ListQuery) -> Result<(), BusinessError> {
    ordered::<L>(&checks::plan::<L>(query)?).map(drop)
}

/// Lists the rows of `L` that fulfil `conditions`; at most `most` of them at
/// once, whatever the client asks.
///
/// # Errors
/// [`DbError::Rejected`] with the contract's codes; [`DbError::Internal`] when a
/// list without pages has more than `most` rows.
pub fn list<L: List>(
    conn: &mut PgConnection,
    query: &ListQuery,
    conditions: &[ConditionFn<L::Source>],
    most: i64,
) -> Result<ListPage<L::Row>, DbError> {
    let plan = checks::plan::<L>(query)?;
    // Orders that can be refused are, before any statement.
    ordered::<L>(&plan)?;
    let conditions = || -> Vec<_> { conditions.iter().map(|make| make()).collect() };
    let Some((page_no, page_size)) = plan.page else {
        let spec = page::<L>(&plan, conditions(), most.saturating_add(1), 0)?;
        return all::<L>(conn, spec, most);
    };

    let lookup = L::key_lookup();
    let filtered = conditions();
    let unfiltered = filtered.is_empty();
    let first = match lookup.as_ref().filter(|_| !unfiltered) {
        Some(lookup) => {
            let order = ordered::<L>(&plan)?;
            Some(lookup.first(conn, sorted(&plan, filtered), order)?)
        }
        None => None,
    };
    let total = if unfiltered {
        totals::of_all::<L>(conn, count_all::<L>)?
    } else if let Some(total) = first.as_ref().and_then(First::total) {
        total
    } else {
        L::count(conn, QuerySpec::by(conditions()))?
    };
    let size = page_size.min(most);
    let Some(before) = page_no.checked_mul(size).filter(|before| *before < total) else {
        return Ok(ListPage::EMPTY);
    };
    let spec = || page::<L>(&plan, conditions(), size, before);
    let known = first.as_ref().and_then(|first| first.page(before, size));
    let data = match (&lookup, known) {
        (Some(lookup), Some(keys)) => by_keys::<L>(conn, lookup, keys, &plan)?,
        // Over no more tables than conditions and order need.
        (Some(lookup), None) if before >= DEEP => {
            let keys = (lookup.keys)(conn, spec()?)?;
            by_keys::<L>(conn, lookup, &keys, &plan)?
        }
        _ => None,
    };
    let data = match data {
        Some(data) => data,
        None => L::load(conn, spec()?)?,
    };
    if data.is_empty() {
        return Ok(ListPage::EMPTY);
    }
    Ok(ListPage {
        page_no,
        page_size,
        total_results: total,
        data,
    })
}

/// The rows with these keys, if each key has exactly one. A joined table of another
/// system may hold a key twice, and rows may have gone meanwhile: the page is cut out of
/// all rows then.
fn by_keys<L: List>(
    conn: &mut PgConnection,
    lookup: &KeyLookup<L::Source>,
    keys: &[RowKey],
    plan: &Plan<L::Source>,
) -> Result<Option<Vec<L::Row>>, DbError> {
    let rows = L::load(conn, lookup.rows(keys, ordered::<L>(plan)?, true))?;
    Ok((rows.len() == keys.len()).then_some(rows))
}

fn page<L: List>(
    plan: &Plan<L::Source>,
    conditions: Vec<Condition<L::Source>>,
    limit: i64,
    offset: i64,
) -> Result<QuerySpec<L::Source>, BusinessError> {
    Ok(QuerySpec {
        order: ordered::<L>(plan)?,
        limit: Some(limit),
        offset,
        ..QuerySpec::by(sorted(plan, conditions))
    })
}

/// The conditions, and what the order says of its rows.
fn sorted<S: 'static>(plan: &Plan<S>, mut conditions: Vec<Condition<S>>) -> Vec<Condition<S>> {
    let known = plan.sort.as_ref().and_then(|(column, _)| column.known);
    conditions.extend(known.map(|condition| condition()));
    conditions
}

fn count_all<L: List>(conn: &mut PgConnection) -> QueryResult<i64> {
    L::count(conn, QuerySpec::by(Vec::new()))
}

fn all<L: List>(
    conn: &mut PgConnection,
    spec: QuerySpec<L::Source>,
    most: i64,
) -> Result<ListPage<L::Row>, DbError> {
    let data = L::load(conn, spec)?;
    let rows = i64::try_from(data.len()).unwrap_or(i64::MAX);
    if rows > most {
        return Err(DbError::Internal(format!(
            "a list without pages has more than {most} rows"
        )));
    }
    Ok(ListPage {
        page_no: 0,
        page_size: rows,
        total_results: rows,
        data,
    })
}

fn ordered<L: List>(plan: &Plan<L::Source>) -> Result<Vec<Order<L::Source>>, BusinessError> {
    let mut wanted = Vec::new();
    if let Some((column, direction)) = &plan.sort {
        wanted.push(column.order(*direction)?);
    }
    wanted.extend(L::newest());
    Ok(wanted)
}
