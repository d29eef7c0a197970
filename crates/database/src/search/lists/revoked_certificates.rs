//! `GET /certificates/revoked`

use chrono::NaiveDateTime;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{List, ListRules, SortColumn};
use crate::schema::{partner_cert_store, revoked_certificate};
use crate::search::{Expr, Maker, Narrow, Order, contains};

/// Revoked certificates in pages, the latest revocation first.
pub struct RevokedCertificates;

type Source = InnerJoinQuerySource<revoked_certificate::table, partner_cert_store::table>;

/// A revoked certificate, when, why and by whom.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = revoked_certificate)]
#[diesel(base_query = revoked_certificate::table.inner_join(partner_cert_store::table))]
#[expect(missing_docs, reason = "fields are the wire's members")]
pub struct ListedRevocation {
    pub cert_id: String,
    pub key_id: Option<String>,
    pub partner_id: Option<String>,
    pub reason: String,
    pub revoked_by: String,
    pub revoked_dtimes: NaiveDateTime,
    pub cert_not_after: NaiveDateTime,
    #[diesel(select_expression = partner_cert_store::partner_domain)]
    pub partner_domain: String,
    #[diesel(select_expression = partner_cert_store::organization_name)]
    pub organization_name: String,
    #[diesel(select_expression = partner_cert_store::signed_subject)]
    pub signed_subject: Option<String>,
    #[diesel(select_expression = partner_cert_store::signed_thumbprint)]
    pub signed_thumbprint: Option<String>,
    #[diesel(select_expression = partner_cert_store::signed_serial_no)]
    pub signed_serial_no: Option<String>,
}

/// Which revocations to list; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct RevokedFilter {
    pub certificate_id: Option<String>,
    pub partner_id: Option<String>,
    pub partner_domain: Option<String>,
    pub issued_to: Option<String>,
    /// Exactly a name of RFC 5280.
    pub reason: Option<String>,
}

impl RevokedFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let mut makers: Vec<Maker<Source>> = Vec::new();
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(
            || Box::new(revoked_certificate::cert_id.nullable()),
            self.certificate_id,
        );
        text(
            || Box::new(revoked_certificate::partner_id),
            self.partner_id,
        );
        text(
            || Box::new(partner_cert_store::partner_domain.nullable()),
            self.partner_domain,
        );
        text(
            || Box::new(partner_cert_store::signed_subject),
            self.issued_to,
        );
        if let Some(reason) = self.reason {
            makers.push(Box::new(move || {
                Box::new(revoked_certificate::reason.eq(reason.clone()).nullable())
            }));
        }
        makers
    }
}

static SORTS: [SortColumn<Source>; 7] = [
    SortColumn::text("certificateId", || {
        Box::new(revoked_certificate::cert_id.nullable())
    }),
    SortColumn::text("partnerId", || Box::new(revoked_certificate::partner_id)),
    SortColumn::text("partnerDomain", || {
        Box::new(partner_cert_store::partner_domain.nullable())
    }),
    SortColumn::text("issuedTo", || Box::new(partner_cert_store::signed_subject)),
    SortColumn::text("reason", || {
        Box::new(revoked_certificate::reason.nullable())
    }),
    SortColumn::time("validTill", || {
        Box::new(revoked_certificate::cert_not_after.nullable())
    }),
    SortColumn::time("revokedDateTime", || {
        Box::new(revoked_certificate::revoked_dtimes.nullable())
    }),
];

impl List for RevokedCertificates {
    type Source = Source;
    type Row = ListedRevocation;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(revoked_certificate::revoked_dtimes.desc()),
            Box::new(revoked_certificate::cert_id.asc()),
        ]
    }

    fn load(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<Vec<ListedRevocation>> {
        narrow
            .apply(ListedRevocation::query().into_boxed())
            .load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        let rows = revoked_certificate::table.inner_join(partner_cert_store::table);
        narrow.filter(rows.count().into_boxed()).get_result(conn)
    }
}
