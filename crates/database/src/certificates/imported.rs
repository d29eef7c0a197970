//! Certificates from the store of another key manager. What is there already
//! stays as it is.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{IssuedFacts, NewCaCertificate, NewPartnerCertificate};
use crate::Stamp;
use crate::rows::created_by;
use crate::schema::{ca_cert_store, partner_cert_store};

/// When an operator of the other key manager has marked a certificate as
/// deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deleted {
    /// Whether.
    pub is: bool,
    /// When, if that was noted.
    pub at: Option<NaiveDateTime>,
}

/// Adds a certificate of an authority; `false` when the domain has it or its
/// id is taken.
pub fn add_ca(
    conn: &mut PgConnection,
    certificate: &NewCaCertificate<'_>,
    deleted: Deleted,
    stamp: &Stamp,
) -> QueryResult<bool> {
    let added = diesel::insert_into(ca_cert_store::table)
        .values((
            certificate,
            created_by!(ca_cert_store, stamp),
            ca_cert_store::is_deleted.eq(Some(deleted.is)),
            ca_cert_store::del_dtimes.eq(deleted.at),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(added > 0)
}

/// Adds a partner's certificate as uploaded, and the facts of the issued one;
/// `false` when its id is taken.
pub fn add_partner_certificate(
    conn: &mut PgConnection,
    certificate: &NewPartnerCertificate<'_>,
    issued: &IssuedFacts,
    deleted: Deleted,
    stamp: &Stamp,
) -> QueryResult<bool> {
    let added = diesel::insert_into(partner_cert_store::table)
        .values((
            certificate,
            issued,
            partner_cert_store::key_usage.eq(Some("")),
            created_by!(partner_cert_store, stamp),
            partner_cert_store::is_deleted.eq(Some(deleted.is)),
            partner_cert_store::del_dtimes.eq(deleted.at),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(added > 0)
}
