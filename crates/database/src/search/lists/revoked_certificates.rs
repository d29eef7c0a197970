//! `GET /certificates/revoked`

use chrono::NaiveDateTime;
use diesel::dsl::InnerJoinQuerySource;
use diesel::prelude::*;

use super::{List, ListColumn, ListRules};
use crate::schema::{partner_cert_store, revoked_certificate};
use crate::search::Order;
use crate::search::statements::{count_rows, load_rows};

/// Revoked certificates in pages, the latest revocation first.
pub struct RevokedCertificates;

type Source = InnerJoinQuerySource<revoked_certificate::table, partner_cert_store::table>;

/// A revoked certificate, when, why and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = revoked_certificate)]
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

static COLUMNS: [ListColumn<Source>; 7] = [
    ListColumn::text("certificateId", || {
        Box::new(revoked_certificate::cert_id.nullable())
    })
    .contains(),
    ListColumn::text("partnerId", || Box::new(revoked_certificate::partner_id)).contains(),
    ListColumn::text("partnerDomain", || {
        Box::new(partner_cert_store::partner_domain.nullable())
    })
    .contains(),
    ListColumn::text("issuedTo", || Box::new(partner_cert_store::signed_subject)).contains(),
    // Exactly a name of RFC 5280.
    ListColumn::text("reason", || {
        Box::new(revoked_certificate::reason.nullable())
    })
    .exact(),
    ListColumn::time("validTill", || {
        Box::new(revoked_certificate::cert_not_after.nullable())
    }),
    ListColumn::time("revokedDateTime", || {
        Box::new(revoked_certificate::revoked_dtimes.nullable())
    }),
];

impl List for RevokedCertificates {
    type Source = Source;
    type Row = ListedRevocation;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    fn columns() -> &'static [ListColumn<Source>] {
        &COLUMNS
    }

    fn newest() -> Vec<Order<Source>> {
        vec![
            Box::new(revoked_certificate::revoked_dtimes.desc()),
            Box::new(revoked_certificate::cert_id.asc()),
        ]
    }

    load_rows!(rows() => ListedRevocation);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    revoked_certificate::table.inner_join(partner_cert_store::table)
}
