//! What the certificate tables can hold (contract keymanager.md §5).

use crate::certificate::Certificate;
use crate::{KeyManagerError, errors};

const MAX_NAME: usize = 500;
const MAX_SERIAL: usize = 50;

/// Whether subject, issuer and serial number fit their columns, which also hold no NUL.
///
/// # Errors
/// `KER-PCM-001`; the reference answers HTTP 500.
pub(super) fn check_fit(certificate: &Certificate) -> Result<(), KeyManagerError> {
    let fits = |text: String, limit| text.chars().count() <= limit && !text.contains('\0');
    if fits(certificate.subject().text(), MAX_NAME)
        && fits(certificate.issuer().text(), MAX_NAME)
        && fits(certificate.serial(), MAX_SERIAL)
    {
        Ok(())
    } else {
        Err(errors::INVALID_CERTIFICATE)
    }
}
