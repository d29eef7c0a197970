//! What the key manager is asked to re-issue (contract partner.md §4.14,
//! contract devices.md §10.4).

use serde::Serialize;

/// The certificate of a partner or of an FTM chip.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerUpload<'a> {
    /// Id of the partner, or of the chip.
    pub partner_id: &'a str,
    /// PEM.
    pub certificate_data: &'a str,
    /// The organisation that the certificate must name.
    pub organization_name: &'a str,
    /// Type of the partner, or of the chip's provider.
    pub partner_type: &'a str,
    /// Domain of the authorities that may vouch for it.
    pub partner_domain: &'a str,
    /// Id of the certificate that it has. Our own key manager answers that one again
    /// when it is uploaded; others don't know this member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate_id: Option<&'a str>,
}
