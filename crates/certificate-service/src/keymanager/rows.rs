//! Certificates as rows of the certificate stores.

use pms_database::certificates::{NewCaCertificate, ca_id, insert_ca};
use pms_database::{Connection, DbError, Stamp, Violation, ids};
use pms_pki::Certificate;
use pms_pki::trust::{Authority, AuthorityKind};
use pms_pki::{errors, pack};

use crate::errors::refused;

/// Author of the rows of the certificate stores.
pub(super) const SYSTEM: &str = "SYSTEM";

/// Stores a certificate of an authority in a domain.
///
/// # Errors
/// `KER-PCM-003` when the domain has it already.
pub(super) fn store_authority(
    conn: &mut Connection,
    domain: &str,
    authority: &Authority,
    issuer_id: &str,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let certificate = authority.certificate();
    let (subject, issuer) = (certificate.subject().text(), certificate.issuer().text());
    let validity = certificate.validity();
    let row = NewCaCertificate {
        cert_id: authority.id(),
        cert_subject: &subject,
        cert_issuer: &issuer,
        issuer_id,
        cert_not_before: validity.not_before.naive_utc(),
        cert_not_after: validity.not_after.naive_utc(),
        cert_data: &pack::certificate_pem(certificate),
        cert_thumbprint: &certificate.thumbprint(),
        cert_sha256: &hex::encode(certificate.sha256()),
        cert_serial_no: &certificate.serial(),
        partner_domain: domain,
        ca_cert_type: authority.kind().as_str(),
    };
    match insert_ca(conn, &row, stamp).map_err(DbError::from) {
        Ok(_) => Ok(()),
        // Another certificate of the domain has the same thumbprint.
        Err(failure) if matches!(failure.violation(), Some(Violation::Unique(_))) => {
            Err(refused(errors::ALREADY_IN_STORE))
        }
        Err(failure) => Err(failure),
    }
}

/// Adds a chain, leaf first, to a domain's trust, as far as it is not there.
/// What an operator has disabled stays disabled.
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
        store_authority(conn, domain, &authority, issuer, stamp)?;
        issuer_id = Some(authority.id().to_owned());
    }
    Ok(())
}
