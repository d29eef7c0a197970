//! Certificates of authorities, listed as the contract has it
//! (contract keymanager.md §8.6), and certificates of many partners at once.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::{Shared, refused, succeeded};

/// Rows that this key manager puts on a page, whatever size is requested.
const MOST_ROWS: usize = 10;

/// A certificate of an authority.
#[derive(Clone)]
pub(super) struct Listed {
    pub(super) kind: String,
    pub(super) id: String,
    /// `yyyy-MM-ddTHH:mm:ss`.
    pub(super) ends: String,
}

/// Those of a type that end on a day, in pages.
pub(super) fn list(shared: &Shared, content: &Value) -> HttpResponse {
    let text = |name: &str| content[name].as_str().unwrap_or_default();
    let day = text("validTillDate")
        .get(.."yyyy-MM-dd".len())
        .unwrap_or_default();
    let kind = text("caCertificateType").to_uppercase();
    let known = shared.authorities.lock().unwrap();
    let found: Vec<&Listed> = known
        .iter()
        .filter(|listed| listed.kind == kind && listed.ends.starts_with(day))
        .collect();
    let number = content["pageNumber"].as_u64().unwrap_or(1).max(1);
    let skipped = usize::try_from(number - 1).unwrap() * MOST_ROWS;
    let rows: Vec<Value> = found
        .iter()
        .skip(skipped)
        .take(MOST_ROWS)
        .map(|listed| {
            json!({
                "caCertificateType": listed.kind,
                "partnerDomain": "AUTH",
                "certId": listed.id,
                "issuedTo": format!("CN={}", listed.id),
                "issuedBy": "CN=Top",
                "certThumbprint": "00",
                "validFromDate": "2020-01-01T00:00:00.000Z",
                "validTillDate": format!("{}.000Z", listed.ends),
                "uploadTime": "2020-01-01T00:00:00.000Z",
                "status": true,
            })
        })
        .collect();
    succeeded(&json!({
        "pageNumber": number,
        "pageSize": MOST_ROWS,
        "totalRecords": found.len(),
        "totalPages": found.len().div_ceil(MOST_ROWS),
        "allPartnerCertificates": rows,
    }))
}

/// All or none, as our own key manager has it.
pub(super) fn certificates(shared: &Shared, content: &Value) -> HttpResponse {
    let known = shared.certificates.lock().unwrap();
    let ids = content["partnerCertIds"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let pems: Option<Vec<&String>> = ids
        .iter()
        .map(|id| known.get(id.as_str().unwrap_or_default()))
        .collect();
    match pems {
        Some(pems) => {
            let row = |pem: &String| json!({ "certificateData": pem, "timestamp": null });
            let rows: Vec<Value> = pems.into_iter().map(row).collect();
            succeeded(&json!({ "certificates": rows }))
        }
        None => refused(
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        ),
    }
}
