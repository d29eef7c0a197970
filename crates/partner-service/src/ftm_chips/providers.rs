//! What the use cases of chips share: a chip with its provider, refusals and their records
//! (contract devices.md §8 and §10).

use pms_database::ftm_chips::{self, FtmChip, UNIQUE_MODEL};
use pms_database::outbox::AuditTrail;
use pms_database::partners::Partner;
use pms_database::{Connection, DbError, Violation, partners};
use pms_domain::ErrorDef;
use pms_domain::audit::Subject;
use pms_domain::ftm_chip::audits::CHIP_REFUSED;
use pms_domain::ftm_chip::errors;

/// Notes a refusal, where the catalogue has a record for it, and gives it back.
pub(super) fn refused(trail: &mut AuditTrail, about: Subject<'_>, error: DbError) -> DbError {
    const RECORDED: [ErrorDef; 5] = [
        errors::PROVIDER_INACTIVE,
        errors::CHIP_UNKNOWN_BY_ID,
        errors::CHIP_EXISTS,
        errors::CERTIFICATE_MISSING,
        errors::CHIP_OF_OTHER_PROVIDER,
    ];
    let is_recorded = |code: &str| RECORDED.iter().any(|one| one.code == code);
    if matches!(&error, DbError::Rejected(refusal) if is_recorded(refusal.code())) {
        trail.refuse_with_text(CHIP_REFUSED, about, error)
    } else {
        error
    }
}

/// The chip and its provider, both locked: everything that looks for chips of the
/// same make and model waits for them. Without a provider there is nothing to wait for:
/// its users can't ask.
///
/// # Errors
/// An unknown chip.
pub(super) fn lock_with_provider(
    conn: &mut Connection,
    id: &str,
) -> Result<(FtmChip, Option<Partner>), DbError> {
    let unknown = errors::CHIP_UNKNOWN_BY_ID;
    let chip = ftm_chips::find(conn, id)?.ok_or(unknown)?;
    let provider = partners::lock(conn, &chip.foundational_trust_provider_id)?;
    let chip = ftm_chips::lock(conn, id)?.ok_or(unknown)?;
    Ok((chip, provider))
}

/// The error of a statement that writes a chip: `CHIP_EXISTS` when another one keeps it
/// from having its make and model.
pub(super) fn or_chip_exists(error: impl Into<DbError>) -> DbError {
    let error = error.into();
    match error.violation() {
        Some(Violation::Unique(name)) if UNIQUE_MODEL.contains(&name) => errors::CHIP_EXISTS.into(),
        _ => error,
    }
}
