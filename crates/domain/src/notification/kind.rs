//! Kinds of notifications (contract clients-users-notifications.md §3.1).

/// What a notification is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A root certificate of an authority ends.
    RootCertificate,
    /// An intermediate certificate of an authority ends.
    IntermediateCertificate,
    /// The certificate of a partner ends.
    PartnerCertificate,
    /// Everything that ends within a week.
    WeeklySummary,
    /// The certificate of an FTM chip ends.
    FtmChipCertificate,
    /// An SBI expires.
    Interface,
    /// An API key expires.
    ApiKey,
    /// A licence of a MISP expires.
    MispLicence,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::RootCertificate,
        Self::IntermediateCertificate,
        Self::PartnerCertificate,
        Self::WeeklySummary,
        Self::FtmChipCertificate,
        Self::Interface,
        Self::ApiKey,
        Self::MispLicence,
    ];
    /// Those that administrators are sent.
    pub const OF_ADMINS: [Self; 4] = [
        Self::RootCertificate,
        Self::IntermediateCertificate,
        Self::WeeklySummary,
        Self::MispLicence,
    ];
    /// Those that partners are sent.
    pub const OF_PARTNERS: [Self; 4] = [
        Self::PartnerCertificate,
        Self::FtmChipCertificate,
        Self::Interface,
        Self::ApiKey,
    ];

    /// The value of `notification_type`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RootCertificate => "ROOT_CERT_EXPIRY",
            Self::IntermediateCertificate => "INTERMEDIATE_CERT_EXPIRY",
            Self::PartnerCertificate => "PARTNER_CERT_EXPIRY",
            Self::WeeklySummary => "WEEKLY_SUMMARY",
            Self::FtmChipCertificate => "FTM_CHIP_CERT_EXPIRY",
            Self::Interface => "SBI_EXPIRY",
            Self::ApiKey => "API_KEY_EXPIRY",
            Self::MispLicence => "MISP_LICENSE_KEY_EXPIRY",
        }
    }

    /// The kind's name in filters of lists and in the setting `jobs.notice_types`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RootCertificate => "root",
            Self::IntermediateCertificate => "intermediate",
            Self::PartnerCertificate => "partner",
            Self::WeeklySummary => "weekly",
            Self::FtmChipCertificate => "ftm-chip",
            Self::Interface => "sbi",
            Self::ApiKey => "apikey",
            Self::MispLicence => "misp",
        }
    }

    /// The kind that a list's filter names, in any case.
    pub fn of_filter(text: &str) -> Option<Self> {
        let text = text.to_lowercase();
        Self::ALL.into_iter().find(|kind| kind.name() == text)
    }

    /// The kind of this `notification_type`.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Template codes of the mail's subject and body.
    pub const fn templates(self) -> (&'static str, &'static str) {
        match self {
            Self::RootCertificate => ("ROOT_CERT_EXPIRY_SUBJECT", "ROOT_CERT_EXPIRY_TEMPLATE"),
            Self::IntermediateCertificate => (
                "INTERMEDIATE_CERT_EXPIRY_SUBJECT",
                "INTERMEDIATE_CERT_EXPIRY_TEMPLATE",
            ),
            Self::PartnerCertificate => (
                "PARTNER_CERT_EXPIRY_SUBJECT",
                "PARTNER_CERT_EXPIRY_TEMPLATE",
            ),
            Self::WeeklySummary => ("WEEKLY_SUMMARY_SUBJECT", "WEEKLY_SUMMARY_TEMPLATE"),
            Self::FtmChipCertificate => (
                "FTM_CHIP_CERT_EXPIRY_SUBJECT",
                "FTM_CHIP_CERT_EXPIRY_TEMPLATE",
            ),
            Self::Interface => ("SBI_EXPIRY_SUBJECT", "SBI_EXPIRY_TEMPLATE"),
            Self::ApiKey => ("API_KEY_EXPIRY_SUBJECT", "API_KEY_EXPIRY_TEMPLATE"),
            Self::MispLicence => (
                "MISP_LICENSE_KEY_EXPIRY_SUBJECT",
                "MISP_LICENSE_KEY_EXPIRY_TEMPLATE",
            ),
        }
    }

    /// Whether only administrators are sent it.
    pub fn is_for_admins(self) -> bool {
        Self::OF_ADMINS.contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_for_admins_or_for_partners() {
        for kind in Kind::OF_ADMINS {
            assert!(kind.is_for_admins() && !Kind::OF_PARTNERS.contains(&kind));
        }
        for kind in Kind::OF_PARTNERS {
            assert!(!kind.is_for_admins());
        }
    }

    #[test]
    fn filters_name_kinds_in_any_case() {
        assert_eq!(Kind::of_filter("Weekly"), Some(Kind::WeeklySummary));
        for other in ["", "policy", "ROOT_CERT_EXPIRY"] {
            assert_eq!(Kind::of_filter(other), None);
        }
    }

    #[test]
    fn names_and_codes_tell_the_kinds_apart() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_filter(kind.name()), Some(kind));
            assert_eq!(Kind::of_code(kind.code()), Some(kind));
        }
    }
}
