//! What notifications are filtered by
//! (contract clients-users-notifications.md §3.3 and §3.5).

use chrono::NaiveDate;
use pms_database::search::lists::{Detail, NotificationFilter};
use pms_domain::notification::{Kind, errors};
use pms_domain::{BusinessError, ErrorDef};
use serde::Deserialize;
use utoipa::IntoParams;

/// Filters. Only `weekly` can be filtered by creation, and only the
/// other types by their details.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
pub struct NotificationQuery {
    /// `active` or `dismissed`.
    pub notification_status: Option<String>,
    /// `root`, `intermediate`, `partner`, `weekly`, `ftm-chip`, `sbi`, `apikey` or
    /// `misp`; any other has no rows, and no filters of its own.
    pub notification_type: Option<String>,
    /// Part of the certificate's id.
    pub certificate_id: Option<String>,
    /// Day of the end, `yyyy-MM-dd`.
    pub expiry_date: Option<String>,
    /// Part of the certificate's issuer.
    pub issued_by: Option<String>,
    /// Part of the certificate's subject.
    pub issued_to: Option<String>,
    /// Domain of the certificate.
    pub partner_domain: Option<String>,
    /// First day of creation, `yyyy-MM-dd`.
    pub created_from_date: Option<String>,
    /// Last day of creation, `yyyy-MM-dd`.
    pub created_to_date: Option<String>,
    /// Part of the chip's id; of `ftm-chip`.
    pub ftm_id: Option<String>,
    /// Part of the chip's make; of `ftm-chip`.
    pub make: Option<String>,
    /// Part of the chip's model; of `ftm-chip`.
    pub model: Option<String>,
    /// Part of the SBI's id; of `sbi`.
    pub sbi_id: Option<String>,
    /// Part of the SBI's version; of `sbi`.
    pub sbi_version: Option<String>,
    /// Part of the API key's name; of `apikey`.
    pub api_key_name: Option<String>,
    /// Part of the policy's name; of `apikey` and `misp`.
    pub policy_name: Option<String>,
    /// Part of the shown end of the licence key; of `misp`.
    pub misp_license_key_name: Option<String>,
    /// Part of the MISP's partner id; of `misp`.
    pub misp_partner_id: Option<String>,
}

impl NotificationQuery {
    /// The filter that it means; `shown` are the kinds for a caller who names none.
    ///
    /// # Errors
    /// The checks of the contract in its order.
    pub(super) fn filter(
        self,
        admin: bool,
        shown: &[Kind],
    ) -> Result<NotificationFilter, BusinessError> {
        let expires_on = date(self.expiry_date.as_deref(), "expiryDate")?;
        let created_from = date(self.created_from_date.as_deref(), "createdFromDate")?;
        let created_to = date(self.created_to_date.as_deref(), "createdToDate")?;
        let kinds = self.kinds(admin, shown)?;
        let of_others = self.escalated(admin, shown);
        let of_kind = match kinds.as_slice() {
            [kind] if self.notification_type.is_some() => Some(*kind),
            _ => None,
        };
        let parts = self.parts(of_kind)?;
        let status = self.notification_status;
        Ok(match of_kind {
            Some(Kind::WeeklySummary) => NotificationFilter {
                kinds,
                status,
                created_from,
                created_to,
                ..NotificationFilter::default()
            },
            _ => NotificationFilter {
                kinds,
                of_others,
                status,
                certificate_id: self.certificate_id,
                issued_by: self.issued_by,
                issued_to: self.issued_to,
                partner_domain: self.partner_domain,
                expires_on,
                parts,
                of_kind,
                ..NotificationFilter::default()
            },
        })
    }

    fn kinds(&self, admin: bool, shown: &[Kind]) -> Result<Vec<Kind>, ErrorDef> {
        let by_creation = self.created_from_date.is_some() || self.created_to_date.is_some();
        let Some(name) = &self.notification_type else {
            if by_creation || self.asks_for_details() {
                return Err(errors::FILTERS_WITHOUT_TYPE);
            }
            // Those that the deployment writes: its portal knows how to show them.
            let shown = shown.iter().copied();
            return Ok(shown.filter(|kind| kind.is_for_admins() == admin).collect());
        };
        let kind = Kind::of_filter(name);
        if !admin && kind.is_some_and(Kind::is_for_admins) {
            return Err(errors::FOR_ADMINS_ONLY);
        }
        if by_creation && kind != Some(Kind::WeeklySummary) {
            return Err(errors::CREATION_DATES_OF_OTHER_TYPE);
        }
        Ok(kind.into_iter().collect())
    }

    /// What administrators see besides without a type: notices to partners that the
    /// escalation has passed on to them.
    fn escalated(&self, admin: bool, shown: &[Kind]) -> Vec<Kind> {
        if !admin || self.notification_type.is_some() {
            return Vec::new();
        }
        let shown = shown.iter().copied();
        shown.filter(|kind| !kind.is_for_admins()).collect()
    }

    fn asks_for_details(&self) -> bool {
        self.asks_for_certificates()
            || self.expiry_date.is_some()
            || self.policy_name.is_some()
            || OF_ONE_KIND
                .iter()
                .any(|filter| (filter.value)(self).is_some())
    }

    const fn asks_for_certificates(&self) -> bool {
        self.certificate_id.is_some()
            || self.issued_by.is_some()
            || self.issued_to.is_some()
            || self.partner_domain.is_some()
    }

    /// What the filters require of the details of the newer kinds. Each filter belongs to its
    /// kinds, and a type that is none is another one; those of certificates may stand with a
    /// summary, as ever.
    fn parts(&self, kind: Option<Kind>) -> Result<Vec<(Detail, String)>, ErrorDef> {
        let without = matches!(
            kind,
            Some(Kind::Interface | Kind::ApiKey | Kind::MispLicence)
        );
        if without && self.asks_for_certificates() {
            return Err(errors::FOR_CERTIFICATES);
        }
        let mut parts = Vec::new();
        for filter in &OF_ONE_KIND {
            let Some(value) = (filter.value)(self) else {
                continue;
            };
            if Some(filter.kind) != kind {
                return Err(filter.refusal);
            }
            parts.push((filter.detail, value.clone()));
        }
        if let Some(name) = &self.policy_name {
            let detail = match kind {
                Some(Kind::ApiKey) => Detail::KeyPolicyName,
                Some(Kind::MispLicence) => Detail::LicencePolicyName,
                _ => return Err(errors::FOR_POLICIES),
            };
            parts.push((detail, name.clone()));
        }
        Ok(parts)
    }
}

/// A filter that one kind has.
struct KindFilter {
    kind: Kind,
    detail: Detail,
    value: Value,
    /// What another kind is refused with.
    refusal: ErrorDef,
}

static OF_ONE_KIND: [KindFilter; 8] = [
    of_chip(Detail::FtmId, |query| query.ftm_id.as_ref()),
    of_chip(Detail::Make, |query| query.make.as_ref()),
    of_chip(Detail::Model, |query| query.model.as_ref()),
    of_interface(Detail::SbiId, |query| query.sbi_id.as_ref()),
    of_interface(Detail::SbiVersion, |query| query.sbi_version.as_ref()),
    KindFilter {
        kind: Kind::ApiKey,
        detail: Detail::ApiKeyName,
        value: |query| query.api_key_name.as_ref(),
        refusal: errors::FOR_API_KEYS,
    },
    of_misp(Detail::MispLicenseKeyName, |query| {
        query.misp_license_key_name.as_ref()
    }),
    of_misp(Detail::MispPartnerId, |query| {
        query.misp_partner_id.as_ref()
    }),
];

type Value = fn(&NotificationQuery) -> Option<&String>;

const fn of_chip(detail: Detail, value: Value) -> KindFilter {
    KindFilter {
        kind: Kind::FtmChipCertificate,
        detail,
        value,
        refusal: errors::FOR_FTM_CHIPS,
    }
}

const fn of_interface(detail: Detail, value: Value) -> KindFilter {
    KindFilter {
        kind: Kind::Interface,
        detail,
        value,
        refusal: errors::FOR_INTERFACES,
    }
}

const fn of_misp(detail: Detail, value: Value) -> KindFilter {
    KindFilter {
        kind: Kind::MispLicence,
        detail,
        value,
        refusal: errors::FOR_MISPS,
    }
}

/// `yyyy-MM-dd`, and nothing else.
fn date(text: Option<&str>, field: &str) -> Result<Option<NaiveDate>, BusinessError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    // chrono alone would take `2025-1-2`.
    let day = day.filter(|day| day.format("%Y-%m-%d").to_string() == text);
    let day = day.ok_or_else(|| errors::INVALID_DATE.with(&[field]))?;
    Ok(Some(day))
}
