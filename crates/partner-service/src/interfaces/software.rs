//! What a provider says about an SBI (contract devices.md §11).

use chrono::NaiveDateTime;
use pms_database::outbox::AuditTrail;
use pms_database::{DbError, Stamp, interfaces};
use pms_domain::device::audits;
use pms_domain::device::sbi_dates::{self, YearLimits};
use pms_domain::text::{Spelling, normalised};
use pms_web::Checks;

use crate::hardware::fields::{EMPTY, TO_36};

/// The software of an SBI.
pub(super) struct Software {
    /// As it was sent, whatever its encoding.
    binary_hash: String,
    version: Spelling,
    created: NaiveDateTime,
    expires: NaiveDateTime,
}

/// The members of a request that describe the software.
pub(super) struct Fields<'a> {
    pub(super) binary_hash: Option<&'a str>,
    pub(super) version: Option<&'a str>,
    pub(super) created: Option<NaiveDateTime>,
    pub(super) expires: Option<NaiveDateTime>,
}

impl Fields<'_> {
    pub(super) fn check(&self, fields: &mut Checks) {
        const TO_64: &str = "Length should be in between 1 and 64 chars";
        let (hash, version) = ("swBinaryHash", "swVersion");
        let stored = self.version.map(normalised);
        fields
            .not_blank_or(hash, self.binary_hash, EMPTY)
            .length_or(hash, self.binary_hash, (1, 36), TO_36)
            .not_blank_or(version, self.version, EMPTY)
            .length_or(version, self.version, (1, 64), TO_64)
            .plain(version, stored.as_deref())
            .require(self.created.is_some(), "swCreateDateTime", EMPTY)
            .require(self.expires.is_some(), "swExpiryDateTime", EMPTY);
    }

    /// The software, once the fields are checked.
    pub(super) fn software(&self) -> Software {
        Software {
            binary_hash: self.binary_hash.unwrap_or_default().to_owned(),
            version: Spelling::new(self.version.unwrap_or_default().to_owned()),
            created: self.created.unwrap_or_default(),
            expires: self.expires.unwrap_or_default(),
        }
    }
}

impl Software {
    /// Its version, as it is stored and as it was sent.
    pub(super) fn versions(&self) -> [&str; 2] {
        [self.version.normal(), self.version.sent()]
    }

    /// Refuses dates that an SBI can't have.
    ///
    /// # Errors
    /// The first broken rule.
    pub(super) fn require_dates(
        &self,
        limits: YearLimits,
        stamp: &Stamp,
        trail: &mut AuditTrail,
    ) -> Result<(), DbError> {
        let (created, expires) = (self.created.date(), self.expires.date());
        let checked = sbi_dates::check(created, expires, stamp.at.date(), limits);
        checked.map_err(|error| trail.refuse_with_text(audits::SBI_DATES_WRONG, None, error))
    }

    /// As it is stored.
    pub(super) fn columns(&self) -> interfaces::Software<'_> {
        self.with_version(self.version.normal())
    }

    /// As it is stored for an SBI of this version: what is sent back as the reference
    /// stored it stays so.
    pub(super) fn columns_over(&self, held: &str) -> interfaces::Software<'_> {
        if held == self.version.sent() {
            self.with_version(self.version.sent())
        } else {
            self.columns()
        }
    }

    fn with_version<'a>(&'a self, version: &'a str) -> interfaces::Software<'a> {
        interfaces::Software {
            sw_binary_hash: self.binary_hash.as_bytes(),
            sw_version: version,
            sw_cr_dtimes: self.created,
            sw_expiry_dtimes: self.expires,
        }
    }
}
