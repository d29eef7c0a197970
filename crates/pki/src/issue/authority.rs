//! Certificates of our own keys: ROOT, component master keys, base keys
//! (contract keymanager.md §4).

use chrono::{DateTime, TimeDelta, Utc};

use super::certificate::Contents;
use super::extensions::{
    self, CRL_SIGN, Constraint, DIGITAL_SIGNATURE, KEY_CERT_SIGN, KEY_ENCIPHERMENT,
};
use super::{Issuer, Subject, whole_second};
use crate::PkiError;
use crate::certificate::{Certificate, PublicKey, Validity};
use crate::keys::SigningKey;

/// How many levels of CAs may follow the ROOT, and a component master key.
const ROOT_DEPTH: u8 = 2;
const COMPONENT_DEPTH: u8 = 1;

/// What a certificate of our own says.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Whom it names; see [`Subject::for_master_key`] and [`Subject::for_base_key`].
    pub subject: Subject,
    /// Start of validity; fractions of a second are dropped.
    pub from: DateTime<Utc>,
    /// Length of validity: `key_validity_duration` of the application.
    pub days: u16,
}

impl Profile {
    fn validity(&self) -> Result<Validity, PkiError> {
        let not_before = whole_second(self.from)?;
        let days = TimeDelta::days(i64::from(self.days));
        let not_after = not_before
            .checked_add_signed(days)
            .ok_or(PkiError::DateRange)?;
        Ok(Validity {
            not_before,
            not_after,
        })
    }
}

/// The self-signed certificate of the ROOT key; it may also sign revocation lists.
///
/// # Errors
/// When signing fails.
pub fn issue_root(profile: &Profile, key: &SigningKey) -> Result<Certificate, PkiError> {
    let public_key = key.public_key();
    let name = profile.subject.to_der();
    Contents {
        issuer: &name,
        subject: &name,
        validity: profile.validity()?,
        public_key: public_key.info(),
        extensions: &[
            extensions::basic_constraints(Constraint::Limited(ROOT_DEPTH)),
            extensions::subject_key_id(public_key.bits()),
            extensions::key_usage(DIGITAL_SIGNATURE | KEY_CERT_SIGN | CRL_SIGN),
        ],
    }
    .sign(key)
}

/// The certificate of a component master key, signed by the ROOT and not valid longer than it.
///
/// The dates of its `key_alias` row are those of the certificate.
/// `signs_crls` adds cRLSign, which the PMS key needs and the reference never sets.
///
/// # Errors
/// When signing fails.
pub fn issue_master(
    profile: &Profile,
    public_key: &PublicKey,
    signs_crls: bool,
    root: &Issuer<'_>,
) -> Result<Certificate, PkiError> {
    let crl_sign = if signs_crls { CRL_SIGN } else { 0 };
    let extensions = [
        extensions::basic_constraints(Constraint::Limited(COMPONENT_DEPTH)),
        extensions::subject_key_id(public_key.bits()),
        extensions::key_usage(DIGITAL_SIGNATURE | KEY_CERT_SIGN | crl_sign),
    ];
    issue(profile, public_key, &extensions, root)
}

/// The certificate of a base key, which only encrypts, signed by its component master key and not
/// valid longer than it.
///
/// # Errors
/// When signing fails.
pub fn issue_base(
    profile: &Profile,
    public_key: &PublicKey,
    master: &Issuer<'_>,
) -> Result<Certificate, PkiError> {
    let extensions = [
        extensions::basic_constraints(Constraint::EndEntity),
        extensions::subject_key_id(public_key.bits()),
        extensions::key_usage(KEY_ENCIPHERMENT),
    ];
    issue(profile, public_key, &extensions, master)
}

fn issue(
    profile: &Profile,
    public_key: &PublicKey,
    extensions: &[Vec<u8>],
    issuer: &Issuer<'_>,
) -> Result<Certificate, PkiError> {
    Contents {
        issuer: issuer.name(),
        subject: &profile.subject.to_der(),
        validity: issuer.clamped(profile.validity()?),
        public_key: public_key.info(),
        extensions,
    }
    .sign(issuer.key())
}
