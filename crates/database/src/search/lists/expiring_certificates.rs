//! `GET /certificates/expiring`

use chrono::NaiveDateTime;
use diesel::dsl::Eq;
use diesel::helper_types::LeftJoinQuerySource;
use diesel::prelude::*;

use super::{List, ListColumn, ListRules};
use crate::schema::{certificate_validity, partner};
use crate::search::statements::{count_rows, load_rows};
use crate::search::{ConditionFn, Order};

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

impl ExpiringCertificates {
    /// Certificates that end between the two instants, both included.
    pub fn ending(from: NaiveDateTime, till: NaiveDateTime) -> ConditionFn<Source> {
        Box::new(move || Box::new(certificate_validity::valid_till.between(from, till)))
    }

    /// Certificates of this kind alone: `CA`, `PARTNER` or `SIGNED`.
    pub fn of_kind(kind: String) -> ConditionFn<Source> {
        Box::new(move || Box::new(certificate_validity::kind.eq(kind.clone())))
    }

    /// Authorities, and the current certificates of partners.
    pub fn in_use() -> ConditionFn<Source> {
        Box::new(|| {
            let authority = certificate_validity::kind.eq("CA");
            Box::new(authority.or(partner::id.nullable().is_not_null().nullable()))
        })
    }
}

static COLUMNS: [ListColumn<Source>; 10] = [
    ListColumn::text("type", || Box::new(certificate_validity::kind)),
    ListColumn::text("certificateId", || {
        Box::new(certificate_validity::certificate_id)
    }),
    ListColumn::text("partnerId", || Box::new(partner::id.nullable())).contains(),
    ListColumn::text("partnerName", || Box::new(partner::name.nullable())),
    ListColumn::text("partnerType", || {
        Box::new(partner::partner_type_code.nullable())
    }),
    ListColumn::text("partnerDomain", || {
        Box::new(certificate_validity::partner_domain)
    })
    .contains(),
    ListColumn::text("issuedTo", || Box::new(certificate_validity::subject)).contains(),
    ListColumn::text("issuedBy", || Box::new(certificate_validity::issuer)).contains(),
    ListColumn::time("validFrom", || Box::new(certificate_validity::valid_from)),
    ListColumn::time("validTill", || Box::new(certificate_validity::valid_till)),
];

impl List for ExpiringCertificates {
    type Source = Source;
    type Row = ExpiringCertificate;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn columns() -> &'static [ListColumn<Source>] {
        &COLUMNS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(certificate_validity::valid_till.asc()),
            Box::new(certificate_validity::kind.asc()),
            Box::new(certificate_validity::certificate_id.asc()),
            Box::new(partner::id.nullable().asc()),
        ]
    }

    load_rows!(rows() => ExpiringCertificate);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    certificate_validity::table.left_join(
        partner::table.on(partner::certificate_alias.eq(certificate_validity::certificate_id)),
    )
}
