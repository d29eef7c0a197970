//! Decisions about licences.

use super::errors;
use crate::ErrorDef;

/// Whether a partner may be issued a licence.
///
/// # Errors
/// It is no MISP, else it is not active.
pub fn may_be_issued(partner_type: &str, misp_type: &str, is_active: bool) -> Result<(), ErrorDef> {
    if !partner_type.eq_ignore_ascii_case(misp_type) {
        return Err(errors::NOT_A_MISP);
    }
    if !is_active {
        return Err(errors::MISP_INACTIVE);
    }
    Ok(())
}

/// What is wanted of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceStatus {
    /// To be usable.
    Active,
    /// Not to be usable.
    Inactive,
}

impl LicenceStatus {
    /// What a status text wants, ignoring case.
    ///
    /// # Errors
    /// [`errors::STATUS_UNKNOWN`].
    pub fn parse(status: &str) -> Result<Self, ErrorDef> {
        [Self::Active, Self::Inactive]
            .into_iter()
            .find(|wanted| wanted.name().eq_ignore_ascii_case(status))
            .ok_or(errors::STATUS_UNKNOWN)
    }

    /// The wire's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "de-active",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_active_misp_is_issued_a_licence() {
        let may = |kind, active| may_be_issued(kind, "MISP_Partner", active);

        assert_eq!(may("misp_partner", true), Ok(()));
        assert_eq!(may("Auth_Partner", false), Err(errors::NOT_A_MISP));
        assert_eq!(may("MISP_Partner", false), Err(errors::MISP_INACTIVE));
    }

    #[test]
    fn a_status_is_one_of_two_words() {
        assert_eq!(LicenceStatus::parse("ACTIVE"), Ok(LicenceStatus::Active));
        assert_eq!(
            LicenceStatus::parse("De-Active"),
            Ok(LicenceStatus::Inactive)
        );
        for text in ["", "inactive", " active"] {
            assert_eq!(LicenceStatus::parse(text), Err(errors::STATUS_UNKNOWN));
        }
    }
}
