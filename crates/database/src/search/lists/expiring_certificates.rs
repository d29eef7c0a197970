//! `GET /certificates/expiring`

use chrono::NaiveDateTime;
use diesel::dsl::Eq;
use diesel::helper_types::LeftJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::{List, ListRules, SortColumn};
use crate::schema::{certificate_validity, partner};
use crate::search::{Expr, Maker, Narrow, Order, contains};

/// Certificates that end soon, in pages; the one that ends first comes first.
pub struct ExpiringCertificates;

type OfPartner = Eq<partner::certificate_alias, certificate_validity::certificate_id>;
type Source = LeftJoinQuerySource<certificate_validity::table, partner::table, OfPartner>;

/// A certificate and, if it is its current one, its partner.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = certificate_validity)]
#[expect(missing_docs, reason = "fields are the wire's members")]
pub struct ExpiringCertificate {
    pub kind: Option<String>,
    pub certificate_id: Option<String>,
    pub partner_domain: Option<String>,
    /// The name that a partner had at the upload.
    pub organization_name: Option<String>,
    pub subject: Option<String>,
    pub issuer: Option<String>,
    pub thumbprint: Option<String>,
    pub serial_no: Option<String>,
    pub valid_from: Option<NaiveDateTime>,
    pub valid_till: Option<NaiveDateTime>,
    pub revoked: Option<bool>,
    #[diesel(select_expression = partner::id.nullable())]
    pub partner_id: Option<String>,
    #[diesel(select_expression = partner::name.nullable())]
    pub partner_name: Option<String>,
    #[diesel(select_expression = partner::partner_type_code.nullable())]
    pub partner_type: Option<String>,
}

/// Which certificates to list; texts contain, ignoring case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields are the wire's parameters")]
pub struct ExpiringFilter {
    /// Certificates that have ended before, or end after, are left out.
    pub from: NaiveDateTime,
    pub till: NaiveDateTime,
    /// Exactly `CA`, `PARTNER` or `SIGNED`.
    pub kind: Option<String>,
    pub partner_id: Option<String>,
    pub partner_domain: Option<String>,
    pub issued_to: Option<String>,
    pub issued_by: Option<String>,
    /// Also those that are no longer, or never were, their partner's current ones.
    pub all: bool,
}

impl ExpiringFilter {
    /// The conditions for [`super::list`].
    pub fn conditions(self) -> Vec<Maker<Source>> {
        let (from, till) = (self.from, self.till);
        let mut makers: Vec<Maker<Source>> = vec![Box::new(move || {
            Box::new(certificate_validity::valid_till.between(from, till))
        })];
        if let Some(kind) = self.kind {
            makers.push(Box::new(move || {
                Box::new(certificate_validity::kind.eq(kind.clone()))
            }));
        }
        if !self.all {
            makers.push(Box::new(|| {
                let authority = certificate_validity::kind.eq("CA");
                Box::new(authority.or(partner::id.nullable().is_not_null().nullable()))
            }));
        }
        let mut text = |expr: fn() -> Expr<Source, Nullable<Text>>, value: Option<String>| {
            if let Some(value) = value {
                makers.push(Box::new(move || contains(expr(), &value)));
            }
        };
        text(|| Box::new(partner::id.nullable()), self.partner_id);
        text(
            || Box::new(certificate_validity::partner_domain),
            self.partner_domain,
        );
        text(|| Box::new(certificate_validity::subject), self.issued_to);
        text(|| Box::new(certificate_validity::issuer), self.issued_by);
        makers
    }
}

static SORTS: [SortColumn<Source>; 10] = [
    SortColumn::text("type", || Box::new(certificate_validity::kind)),
    SortColumn::text("certificateId", || {
        Box::new(certificate_validity::certificate_id)
    }),
    SortColumn::text("partnerId", || Box::new(partner::id.nullable())),
    SortColumn::text("partnerName", || Box::new(partner::name.nullable())),
    SortColumn::text("partnerType", || {
        Box::new(partner::partner_type_code.nullable())
    }),
    SortColumn::text("partnerDomain", || {
        Box::new(certificate_validity::partner_domain)
    }),
    SortColumn::text("issuedTo", || Box::new(certificate_validity::subject)),
    SortColumn::text("issuedBy", || Box::new(certificate_validity::issuer)),
    SortColumn::time("validFrom", || Box::new(certificate_validity::valid_from)),
    SortColumn::time("validTill", || Box::new(certificate_validity::valid_till)),
];

impl List for ExpiringCertificates {
    type Source = Source;
    type Row = ExpiringCertificate;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn sorts() -> &'static [SortColumn<Source>] {
        &SORTS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(certificate_validity::valid_till.asc()),
            Box::new(certificate_validity::kind.asc()),
            Box::new(certificate_validity::certificate_id.asc()),
            Box::new(partner::id.nullable().asc()),
        ]
    }

    fn load(
        conn: &mut PgConnection,
        narrow: Narrow<Source>,
    ) -> QueryResult<Vec<ExpiringCertificate>> {
        let rows = certificate_validity::table
            .left_join(
                partner::table
                    .on(partner::certificate_alias.eq(certificate_validity::certificate_id)),
            )
            .select(ExpiringCertificate::as_select());
        narrow.apply(rows.into_boxed()).load(conn)
    }

    fn count(conn: &mut PgConnection, narrow: Narrow<Source>) -> QueryResult<i64> {
        let rows = certificate_validity::table.left_join(
            partner::table.on(partner::certificate_alias.eq(certificate_validity::certificate_id)),
        );
        narrow.filter(rows.count().into_boxed()).get_result(conn)
    }
}
