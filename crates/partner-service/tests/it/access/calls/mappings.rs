//! Mapping requests, what is attached to them, and API keys.

use serde_json::json;

use super::{Call, everything, get, values, with};

pub(super) fn requests() -> Vec<Call> {
    const EXTRACTORS: &str = "/partners/{partnerId}/bioextractors/{policyId}";
    const MAP_TYPE: &str =
        "/partners/{partnerId}/credentialtype/{credentialType}/policies/{policyName}";
    const SEARCH: &str = "/partners/apikey/request/search";
    const VALUES: &str = "/partners/apikey/request/filtervalues";
    let map = json!({ "policyName": "someone-held", "useCaseDescription": "why" });
    let extractors = json!({ "extractors": [{
        "attributeName": "iris",
        "biometric": "iris",
        "extractor": { "provider": "mock", "version": "1.1" },
    }] });
    vec![
        with(
            "POST",
            "/partners/{partnerId}/policy/map",
            "/partners/{p}/policy/map",
            map,
        ),
        get(
            "/partners/{partnerId}/apikey/request",
            "/partners/{p}/apikey/request",
        ),
        with(
            "POST",
            EXTRACTORS,
            "/partners/{p}/bioextractors/{p}-held",
            extractors,
        ),
        get(EXTRACTORS, "/partners/{p}/bioextractors/{p}-held"),
        Call {
            method: "POST",
            route: MAP_TYPE.into(),
            path: "/partners/{p}/credentialtype/qrcode/policies/{p}-held".into(),
            request: None,
        },
        get(
            "/partners/{partnerId}/credentialtype/{credentialType}/policies",
            "/partners/{p}/credentialtype/auth/policies",
        ),
        with("POST", SEARCH, SEARCH, everything()),
        with("POST", VALUES, VALUES, values("id")),
    ]
}

pub(super) fn keys() -> Vec<Call> {
    let generate = json!({ "policyName": "{p}-held", "label": "another" });
    let status = json!({ "label": "label", "status": "De-active" });
    vec![
        with(
            "PATCH",
            "/partners/{partnerId}/generate/apikey",
            "/partners/{p}/generate/apikey",
            generate,
        ),
        with(
            "POST",
            "/partners/apikey/search",
            "/partners/apikey/search",
            everything(),
        ),
        with(
            "PATCH",
            "/partners/{partnerId}/policy/{policyId}/apiKey/status",
            "/partners/{p}/policy/{p}-held/apiKey/status",
            status,
        ),
        get("/partner-api-keys", "/partner-api-keys"),
        get("/partner-policy-requests", "/partner-policy-requests"),
    ]
}
