//! What a notification is about in detail, as column and wire have it
//! (contract clients-users-notifications.md §3.2).
//!
//! Each kind lists all of its members, also those that others have: they are five
//! shapes of the wire that change one by one, and each is shown here as clients see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a notification is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct NotificationDetails {
    /// Certificates that end.
    pub certificate_details: Option<Vec<CertificateNotice>>,
    /// FTM chips whose certificates end.
    pub ftm_details: Option<Vec<FtmChipNotice>>,
    /// SBIs that expire.
    pub sbi_details: Option<Vec<InterfaceNotice>>,
    /// API keys that expire.
    pub api_key_details: Option<Vec<ApiKeyNotice>>,
    /// Licences of MISPs that expire; newer than the others, and left out by those
    /// who don't have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misp_license_key_details: Option<Vec<MispLicenceNotice>>,
}

/// A certificate that ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateNotice {
    /// The key manager's id of the certificate.
    pub certificate_id: Option<String>,
    /// Issuer.
    pub issued_by: Option<String>,
    /// Subject.
    pub issued_to: Option<String>,
    /// Partner id.
    pub partner_id: Option<String>,
    /// `AUTH`, `DEVICE` or `FTM`.
    pub partner_domain: Option<String>,
    /// Date and time of the end in UTC, without zone.
    pub expiry_date_time: Option<String>,
    /// Days from the notification to the end.
    pub expiry_period: Option<String>,
    /// `root`, `intermediate` or `partner`.
    pub certificate_type: Option<String>,
}

/// An FTM chip whose certificate ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct FtmChipNotice {
    /// The key manager's id of the certificate.
    pub certificate_id: Option<String>,
    /// Issuer.
    pub issued_by: Option<String>,
    /// Subject.
    pub issued_to: Option<String>,
    /// Partner id.
    pub partner_id: Option<String>,
    /// `FTM`.
    pub partner_domain: Option<String>,
    /// Date and time of the end in UTC, without zone.
    pub expiry_date_time: Option<String>,
    /// Days from the notification to the end.
    pub expiry_period: Option<String>,
    /// Kind of the certificate.
    pub certificate_type: Option<String>,
    /// Id of the chip.
    pub ftm_id: Option<String>,
    /// Make of the chip.
    pub make: Option<String>,
    /// Model of the chip.
    pub model: Option<String>,
}

/// An SBI that expires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct InterfaceNotice {
    /// Id of the SBI.
    pub sbi_id: Option<String>,
    /// Version of the software.
    pub sbi_version: Option<String>,
    /// Partner id.
    pub partner_id: Option<String>,
    /// Date and time of the expiry in UTC, without zone.
    pub expiry_date_time: Option<String>,
    /// Days from the notification to the expiry.
    pub expiry_period: Option<String>,
    /// Hash of the software.
    pub sbi_binary_hash: Option<String>,
    /// When the software was made.
    pub sbi_creation_date: Option<String>,
}

/// An API key that expires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiKeyNotice {
    /// Label of the key.
    pub api_key_name: Option<String>,
    /// Partner id.
    pub partner_id: Option<String>,
    /// Date and time of the expiry in UTC, without zone.
    pub expiry_date_time: Option<String>,
    /// Days from the notification to the expiry.
    pub expiry_period: Option<String>,
    /// Name of the policy's group.
    pub policy_group: Option<String>,
    /// Name of the policy.
    pub policy_name: Option<String>,
}

/// A licence of a MISP that expires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct MispLicenceNotice {
    /// The end of the licence key; the rest of it is hidden.
    pub misp_license_key_name: Option<String>,
    /// Partner id of the MISP.
    pub misp_partner_id: Option<String>,
    /// Date and time of the expiry in UTC, without zone.
    pub expiry_date_time: Option<String>,
    /// Days from the notification to the expiry.
    pub expiry_period: Option<String>,
    /// Name of the policy's group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_group: Option<String>,
    /// Name of the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_name: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_null_and_what_is_unknown_is_left_out() {
        let column = r#"{"certificateDetails":[{"certificateId":"c","more":1}],"more":[]}"#;

        let details: NotificationDetails = serde_json::from_str(column).unwrap();

        let wire = serde_json::to_string(&details).unwrap();
        assert_eq!(
            wire,
            concat!(
                r#"{"certificateDetails":[{"certificateId":"c","issuedBy":null,"issuedTo":null,"#,
                r#""partnerId":null,"partnerDomain":null,"expiryDateTime":null,"#,
                r#""expiryPeriod":null,"certificateType":null}],"ftmDetails":null,"#,
                r#""sbiDetails":null,"apiKeyDetails":null}"#
            )
        );
    }
}
