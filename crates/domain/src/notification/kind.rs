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
}

impl Kind {
    /// Those that administrators are sent.
    pub const OF_ADMINS: [Self; 3] = [
        Self::RootCertificate,
        Self::IntermediateCertificate,
        Self::WeeklySummary,
    ];
    /// Those that partners are sent.
    pub const OF_PARTNERS: [Self; 1] = [Self::PartnerCertificate];

    /// The value of `notification_type`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RootCertificate => "ROOT_CERT_EXPIRY",
            Self::IntermediateCertificate => "INTERMEDIATE_CERT_EXPIRY",
            Self::PartnerCertificate => "PARTNER_CERT_EXPIRY",
            Self::WeeklySummary => "WEEKLY_SUMMARY",
        }
    }

    /// The kind that a list's filter names, in any case.
    pub fn of_filter(text: &str) -> Option<Self> {
        match text.to_lowercase().as_str() {
            "root" => Some(Self::RootCertificate),
            "intermediate" => Some(Self::IntermediateCertificate),
            "partner" => Some(Self::PartnerCertificate),
            "weekly" => Some(Self::WeeklySummary),
            _ => None,
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
        for other in ["", "sbi", "ROOT_CERT_EXPIRY"] {
            assert_eq!(Kind::of_filter(other), None);
        }
    }
}
