//! What the certificate tables can hold (contract keymanager.md §5).

use crate::certificate::Certificate;
use crate::{KeyManagerError, errors};

const MAX_NAME: usize = 500;
const MAX_SERIAL: usize = 50;

/// Whether subject, issuer and serial number fit their columns, which also hold no NUL, and whether
/// the subject is what it looks like: no control character, no sign that turns the direction of
/// text. The issuer's name was judged when the issuer was stored.
///
/// # Errors
/// `KER-PCM-001`; the reference answers HTTP 500, or shows the name as its maker wants it.
pub(super) fn check_fit(certificate: &Certificate) -> Result<(), KeyManagerError> {
    let fits = |text: String, limit| text.chars().count() <= limit && !text.contains('\0');
    let subject = certificate.subject();
    if subject.values().any(|value| value.contains(is_deceptive)) {
        let detail = "The subject holds control characters.";
        return Err(errors::INVALID_CERTIFICATE.with_detail(detail));
    }
    if fits(subject.text(), MAX_NAME)
        && fits(certificate.issuer().text(), MAX_NAME)
        && fits(certificate.serial(), MAX_SERIAL)
    {
        Ok(())
    } else {
        Err(errors::INVALID_CERTIFICATE)
    }
}

/// Whether a character is a control character, or only changes how others are shown. Joiners are
/// neither: scripts and emoji need them.
fn is_deceptive(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
