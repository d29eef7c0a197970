//! The certificates above one of ours.

use pms_database::keys as rows;
use pms_database::{Connection, DbError};
use pms_pki::certificate::SignatureCheck;
use pms_pki::{Certificate, reading};

use crate::errors::OrDbError as _;

/// Longest chain: ROOT signs masters, masters sign base keys and partners, and
/// a key may have been certified by a partner's key.
const MAX_LENGTH: usize = 6;

/// A certificate with its issuers as far as they are keys of ours.
pub(crate) fn chain_of(
    conn: &mut Connection,
    certificate: Certificate,
) -> Result<Vec<Certificate>, DbError> {
    let mut ours = Vec::new();
    for pem in rows::master_certificates(conn)? {
        ours.push(reading::read_certificate(&pem).or_failure()?);
    }
    let mut chain = vec![certificate];
    while let Some(issuer) = issuer_of_last(&chain, &ours) {
        chain.push(issuer.clone());
    }
    Ok(chain)
}

fn issuer_of_last<'a>(chain: &[Certificate], ours: &'a [Certificate]) -> Option<&'a Certificate> {
    let last = chain.last().filter(|last| !last.is_self_signed())?;
    if chain.len() >= MAX_LENGTH {
        return None;
    }
    let issued = |one: &&Certificate| {
        !chain.contains(one)
            && last.names_as_issuer(one)
            && last.check_signature(one.public_key()) == SignatureCheck::Valid
    };
    ours.iter().find(issued)
}
