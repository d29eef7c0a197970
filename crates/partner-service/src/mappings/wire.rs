//! A mapping request as partner managers see it. Its member names come from a
//! time when an approved request was an API key.

use pms_database::mapping_requests::RequestWithPartner;
use serde::Serialize;
use utoipa::ToSchema;

/// A mapping request. `Debug` is left out: older requests have the id of a key.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MappingRow {
    /// Partner id.
    #[serde(rename = "partnerID")]
    pub partner_id: String,
    /// Its status.
    pub status: String,
    /// Name of the partner's organisation.
    pub organization_name: String,
    /// Id of the policy.
    pub policy_id: String,
    /// Why the partner asks.
    pub policy_desc: String,
    /// Id of the request.
    pub api_key_req_no: String,
}

impl From<RequestWithPartner> for MappingRow {
    fn from(row: RequestWithPartner) -> Self {
        Self {
            partner_id: row.part_id,
            status: row.status_code,
            organization_name: row.partner_name,
            policy_id: row.policy_id,
            policy_desc: row.request_detail,
            api_key_req_no: row.id,
        }
    }
}
