//! Certificates of partners that the key manager knows from the start.

use actix_web::HttpResponse;
use serde_json::json;

use super::{KeyManagerPeer, Shared, refused, succeeded};

impl KeyManagerPeer {
    /// Knows a partner certificate from now on.
    pub fn certify(&self, id: &str, pem: &str) {
        self.shared
            .certificates
            .lock()
            .unwrap()
            .insert(id.to_owned(), pem.to_owned());
    }

    /// Knows a partner certificate in both of its forms from now on.
    pub fn certify_pair(&self, id: &str, uploaded: &str, signed: &str) {
        self.certify(id, signed);
        let mut pems = self.shared.uploaded.lock().unwrap();
        pems.insert(id.to_owned(), uploaded.to_owned());
    }
}

pub(super) fn certificate(shared: &Shared, id: &str) -> HttpResponse {
    match shared.certificates.lock().unwrap().get(id) {
        Some(pem) => {
            succeeded(&json!({ "certificateData": pem, "timestamp": "2026-11-24T10:00:00.123456" }))
        }
        None => refused(
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        ),
    }
}

pub(super) fn certificate_pair(shared: &Shared, id: &str) -> HttpResponse {
    let signed = shared.certificates.lock().unwrap().get(id).cloned();
    let uploaded = shared.uploaded.lock().unwrap().get(id).cloned();
    match uploaded.zip(signed) {
        Some((uploaded, signed)) => succeeded(&json!({
            "caSignedCertificateData": uploaded,
            "mosipSignedCertificateData": signed,
            "timestamp": "2026-11-24T10:00:00.123456",
        })),
        None => refused(
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        ),
    }
}
