//! Certificates as rows of the certificate stores.

use pms_database::certificates::{NewCaCertificate, ca_id, insert_cas};
use pms_database::{Connection, DbError, Stamp, Violation, ids};
use pms_pki::Certificate;
use pms_pki::trust::{Authority, AuthorityKind};
use pms_pki::{errors, pack};

use crate::errors::refused;

/// Author of the rows of the certificate stores.
pub(super) const SYSTEM: &str = "SYSTEM";

/// Stores certificates of authorities in a domain, each with the id of its issuer's row.
///
/// # Errors
/// `KER-PCM-003` when the domain has one already.
pub(super) fn store_authorities(
    conn: &mut Connection,
    domain: &str,
    authorities: &[(&Authority, &str)],
    stamp: &Stamp,
) -> Result<(), DbError> {
    let texts: Vec<Texts> = authorities.iter().map(|(one, _)| Texts::of(one)).collect();
    let rows: Vec<_> = authorities
        .iter()
        .zip(&texts)
        .map(|((authority, issuer_id), texts)| texts.row(domain, authority, issuer_id))
        .collect();
    match insert_cas(conn, &rows, stamp).map_err(DbError::from) {
        Ok(()) => Ok(()),
        // Another certificate of the domain has the same thumbprint.
        Err(failure) if matches!(failure.violation(), Some(Violation::Unique(_))) => {
            Err(refused(errors::ALREADY_IN_STORE))
        }
        Err(failure) => Err(failure),
    }
}

/// What a row says of its certificate.
struct Texts {
    subject: String,
    issuer: String,
    pem: String,
    thumbprint: String,
    sha256: String,
    serial: String,
}

impl Texts {
    fn of(authority: &Authority) -> Self {
        let certificate = authority.certificate();
        Self {
            subject: certificate.subject().text(),
            issuer: certificate.issuer().text(),
            pem: pack::certificate_pem(certificate),
            thumbprint: certificate.thumbprint(),
            sha256: hex::encode(certificate.sha256()),
            serial: certificate.serial(),
        }
    }

    fn row<'a>(
        &'a self,
        domain: &'a str,
        authority: &'a Authority,
        issuer_id: &'a str,
    ) -> NewCaCertificate<'a> {
        let validity = authority.certificate().validity();
        NewCaCertificate {
            cert_id: authority.id(),
            cert_subject: &self.subject,
            cert_issuer: &self.issuer,
            issuer_id,
            cert_not_before: validity.not_before.naive_utc(),
            cert_not_after: validity.not_after.naive_utc(),
            cert_data: &self.pem,
            cert_thumbprint: &self.thumbprint,
            cert_sha256: &self.sha256,
            cert_serial_no: &self.serial,
            partner_domain: domain,
            ca_cert_type: authority.kind().as_str(),
        }
    }
}

/// Adds a chain, leaf first and each signed by the next, to a domain's trust, as far
/// as it is not there. One that ends before its root names itself as its issuer. What an operator has disabled stays disabled.
///
/// The caller holds the lock of the domain.
pub(super) fn trust_chain(
    conn: &mut Connection,
    domain: &str,
    chain: &[&Certificate],
    stamp: &Stamp,
) -> Result<(), DbError> {
    let mut issuer_id = None;
    for certificate in chain.iter().rev() {
        let sha256 = hex::encode(certificate.sha256());
        if let Some(known) = ca_id(conn, domain, &sha256)? {
            issuer_id = Some(known);
            continue;
        }
        let authority = Authority::new(ids::uuid(), Certificate::clone(certificate));
        let issuer = match authority.kind() {
            AuthorityKind::Root => None,
            AuthorityKind::Intermediate => issuer_id,
        };
        let issuer = issuer.as_deref().unwrap_or(authority.id());
        store_authorities(conn, domain, &[(&authority, issuer)], stamp)?;
        issuer_id = Some(authority.id().to_owned());
    }
    Ok(())
}
