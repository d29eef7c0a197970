//! The MOSIP-signed certificate of a partner (contract keymanager.md §9.1).

use chrono::{DateTime, TimeDelta, Utc};

use super::certificate::Contents;
use super::extensions::{self, Constraint, DIGITAL_SIGNATURE, KEY_CERT_SIGN, KEY_ENCIPHERMENT};
use super::{Issuer, Subject, whole_second};
use crate::PkiError;
use crate::certificate::{Certificate, Validity};
use crate::rules::Domain;

/// How partner certificates are re-issued.
#[derive(Debug, Clone, Copy)]
pub struct PartnerProfile<'a> {
    /// The domain it is for.
    pub domain: &'a Domain,
    /// The name of the partner, which the uploaded certificate was checked against. It is the `O`
    /// that is issued: of several in the upload, the others were not checked.
    pub organization: &'a str,
    /// Length of validity: 365 days each.
    pub years: u32,
    /// Issue `CA:FALSE`, so that the partner can issue nothing itself. Off in the reference.
    pub strict: bool,
}

/// Re-issues `uploaded` under our own CA: same key, known subject attributes only.
///
/// Valid from `now`, which the portal shows as the time of the upload, and never longer than the
/// issuer. Nothing is taken over from the uploaded extensions.
///
/// # Errors
/// [`PkiError::Issuing`] when the key is none that can be used, others when signing fails.
pub fn issue_partner(
    uploaded: &Certificate,
    profile: &PartnerProfile<'_>,
    issuer: &Issuer<'_>,
    now: DateTime<Utc>,
) -> Result<Certificate, PkiError> {
    let public_key = uploaded.public_key();
    let may_issue = !profile.strict;
    let constraint = if may_issue {
        Constraint::Unlimited
    } else {
        Constraint::EndEntity
    };
    let cert_sign = if may_issue { KEY_CERT_SIGN } else { 0 };
    let encipher = if profile.domain.is_auth() {
        KEY_ENCIPHERMENT
    } else {
        0
    };
    let mut extensions = vec![
        extensions::basic_constraints(constraint),
        extensions::subject_key_id(public_key.bits()),
        extensions::key_usage(DIGITAL_SIGNATURE | cert_sign | encipher),
    ];
    let issuer_key_id = issuer.certificate().extensions().subject_key_id.as_deref();
    extensions.extend(issuer_key_id.map(extensions::authority_key_id));
    extensions.extend(issuer.crl.map(extensions::crl_distribution_point));
    let subject = Subject {
        organization: Some(profile.organization.to_owned()),
        ..Subject::of(uploaded.subject())
    };
    Contents {
        issuer: issuer.name(),
        subject: &subject.to_der(),
        validity: validity(profile.years, issuer, now)?,
        public_key: public_key.info(),
        extensions: &extensions,
    }
    .sign(issuer.key())
}

fn validity(years: u32, issuer: &Issuer<'_>, now: DateTime<Utc>) -> Result<Validity, PkiError> {
    let not_before = whole_second(now)?;
    let days = TimeDelta::try_days(i64::from(years) * 365);
    let not_after = days
        .and_then(|days| not_before.checked_add_signed(days))
        .ok_or(PkiError::DateRange)?;
    Ok(issuer.clamped(Validity {
        not_before,
        not_after,
    }))
}
