//! The list of authorities' certificates (contract keymanager.md §8.6).
#![expect(
    missing_docs,
    reason = "fields are the filters of contract keymanager.md §8.6"
)]

use chrono::{Days, NaiveDate, NaiveDateTime};
use diesel::dsl::count_star;
use diesel::pg::Pg;
use diesel::prelude::*;

use super::CaCertificate;
use crate::schema::ca_cert_store;

/// Which certificates to list; all conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct CaFilter {
    /// `ROOT` or `INTERMEDIATE`.
    pub kind: Option<String>,
    pub domain: Option<String>,
    /// SHA-256 of certificates to leave out, lower-case hex.
    pub without: Vec<String>,
    /// Parts of the id, the subject and the issuer, ignoring case.
    pub cert_id: Option<String>,
    pub subject: Option<String>,
    pub issuer: Option<String>,
    /// Days on which the certificate's validity begins and ends.
    pub begins_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    /// First and last day on which it may end.
    pub ends_between: Option<(NaiveDate, NaiveDate)>,
    /// Day of the last change of the row.
    pub updated_on: Option<NaiveDate>,
}

/// What the list is sorted by; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaOrder {
    Kind,
    Id,
    Domain,
    Subject,
    Issuer,
    NotBefore,
    NotAfter,
    Created,
    Updated,
    Thumbprint,
    Serial,
    IssuerId,
    CrlUri,
    Data,
}

/// One page of the list, and how many certificates there are on all pages.
///
/// # Errors
/// When a statement fails.
pub fn search_ca(
    conn: &mut PgConnection,
    filter: &CaFilter,
    (order, descending): (CaOrder, bool),
    (limit, offset): (i64, i64),
) -> QueryResult<(Vec<CaCertificate>, i64)> {
    let total = apply(ca_cert_store::table.into_boxed(), filter)
        .select(count_star())
        .get_result(conn)?;
    let page = apply(ca_cert_store::table.into_boxed(), filter);
    let page = sorted(page, order, descending)
        .select(CaCertificate::as_select())
        .limit(limit)
        .offset(offset)
        .load(conn)?;
    Ok((page, total))
}

type Boxed<'a> = ca_cert_store::BoxedQuery<'a, Pg>;

fn apply<'a>(mut query: Boxed<'a>, filter: &CaFilter) -> Boxed<'a> {
    use ca_cert_store as column;
    if let Some(kind) = &filter.kind {
        query = query.filter(column::ca_cert_type.eq(kind.clone()));
    }
    if let Some(domain) = &filter.domain {
        query = query.filter(column::partner_domain.eq(domain.clone()));
    }
    if !filter.without.is_empty() {
        query = query.filter(column::cert_sha256.ne_all(filter.without.clone()));
    }
    if let Some(part) = &filter.cert_id {
        query = query.filter(column::cert_id.ilike(containing(part)));
    }
    if let Some(part) = &filter.subject {
        query = query.filter(column::cert_subject.ilike(containing(part)));
    }
    if let Some(part) = &filter.issuer {
        query = query.filter(column::cert_issuer.ilike(containing(part)));
    }
    if let Some(day) = filter.begins_on {
        let (from, to) = span(day, day);
        query = query.filter(
            column::cert_not_before
                .ge(from)
                .and(column::cert_not_before.lt(to)),
        );
    }
    let ends = filter
        .ends_on
        .map(|day| (day, day))
        .into_iter()
        .chain(filter.ends_between);
    for (first, last) in ends {
        let (from, to) = span(first, last);
        query = query.filter(
            column::cert_not_after
                .ge(from)
                .and(column::cert_not_after.lt(to)),
        );
    }
    if let Some(day) = filter.updated_on {
        let (from, to) = span(day, day);
        query = query.filter(column::upd_dtimes.ge(from).and(column::upd_dtimes.lt(to)));
    }
    query
}

fn sorted(query: Boxed<'_>, order: CaOrder, descending: bool) -> Boxed<'_> {
    use ca_cert_store as column;
    macro_rules! by {
        ($name:ident) => {
            if descending {
                query.order((column::$name.desc(), column::cert_id))
            } else {
                query.order((column::$name.asc(), column::cert_id))
            }
        };
    }
    match order {
        CaOrder::Kind => by!(ca_cert_type),
        CaOrder::Id => by!(cert_id),
        CaOrder::Domain => by!(partner_domain),
        CaOrder::Subject => by!(cert_subject),
        CaOrder::Issuer => by!(cert_issuer),
        CaOrder::NotBefore => by!(cert_not_before),
        CaOrder::NotAfter => by!(cert_not_after),
        CaOrder::Created => by!(cr_dtimes),
        CaOrder::Updated => by!(upd_dtimes),
        CaOrder::Thumbprint => by!(cert_thumbprint),
        CaOrder::Serial => by!(cert_serial_no),
        CaOrder::IssuerId => by!(issuer_id),
        CaOrder::CrlUri => by!(crl_uri),
        CaOrder::Data => by!(cert_data),
    }
}

/// From the begin of `first` to the end of `last`, exclusive.
fn span(first: NaiveDate, last: NaiveDate) -> (NaiveDateTime, NaiveDateTime) {
    let end = last
        .checked_add_days(Days::new(1))
        .unwrap_or(NaiveDate::MAX);
    (first.into(), end.into())
}

/// A pattern for texts that hold `part`, in which nothing is a wild card.
fn containing(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in part.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
