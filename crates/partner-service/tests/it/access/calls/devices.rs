//! Devices, SBIs and FTM chips.

use serde_json::{Value, json};

use super::{Call, everything, get, values, with};

pub(super) fn devices() -> Vec<Call> {
    let model = json!({
        "id": "{p}-device",
        "deviceProviderId": "{p}",
        "deviceTypeCode": "Finger",
        "deviceSubTypeCode": "Slap",
        "make": "{p}",
        "model": "New",
    });
    let mut new = model.clone();
    new["id"] = json!("{p}-new");
    let approved = json!({ "partnerId": "{p}", "sbiId": "{p}-sbi", "status": "approved" });
    let older = |id: &str| json!({ "id": id, "approvalStatus": "De-activate" });
    let ended = json!({ "status": "De-Activate" });
    let post = |path: &'static str, request: Value| with("POST", path, path, request);
    vec![
        get("/devicedetail", "/devicedetail?pageNo=0&pageSize=100"),
        post("/devicedetail", new),
        with("PUT", "/devicedetail", "/devicedetail", model),
        post("/devicedetail/search", everything()),
        post("/devicedetail/filtervalues", values("make")),
        post("/devicedetail/deviceType/search", everything()),
        post("/devicedetail/deviceType/filtervalues", values("name")),
        post("/devicedetail/deviceSubType/filtervalues", values("name")),
        with(
            "POST",
            "/devicedetail/{id}/approval",
            "/devicedetail/{p}-waiting/approval",
            approved,
        ),
        with(
            "PATCH",
            "/devicedetail/{deviceId}",
            "/devicedetail/{p}-device",
            ended.clone(),
        ),
        with(
            "PATCH",
            "/devicedetail",
            "/devicedetail",
            older("{p}-device"),
        ),
    ]
    .into_iter()
    .chain(interfaces(&older("{p}-waiting-sbi"), &ended))
    .collect()
}

fn interfaces(decision: &Value, ended: &Value) -> Vec<Call> {
    const PATH: &str = "/securebiometricinterface";
    const MAP: &str = "/securebiometricinterface/devicedetails/map";
    const UNMAP: &str = "/securebiometricinterface/devicedetails/map/remove";
    const SEARCH: &str = "/securebiometricinterface/search";
    const SEARCH_MAPPINGS: &str = "/securebiometricinterface/devicedetails/map/search";
    const VALUES: &str = "/securebiometricinterface/filtervalues";
    let software = json!({
        "id": "{p}-sbi",
        "swBinaryHash": "hash",
        "swVersion": "2",
        "swCreateDateTime": "2026-01-01T00:00:00.000Z",
        "swExpiryDateTime": "2027-01-01T00:00:00.000Z",
        "providerId": "{p}",
        "isActive": true,
    });
    let mut changed = software.clone();
    changed["swVersion"] = json!("3");
    let pair = json!({ "deviceDetailId": "{p}-device", "sbiId": "{p}-sbi" });
    let mapped = json!({ "deviceDetailId": "{p}-waiting", "sbiId": "{p}-sbi" });
    let device = json!({
        "deviceProviderId": "{p}",
        "deviceTypeCode": "Iris",
        "deviceSubTypeCode": "Double",
        "make": "{p}",
        "model": "Of an SBI",
    });
    vec![
        get(PATH, PATH),
        with("POST", PATH, PATH, software),
        with("PUT", PATH, PATH, changed),
        with("PATCH", PATH, PATH, decision.clone()),
        with("POST", SEARCH, SEARCH, everything()),
        with("POST", VALUES, VALUES, values("swVersion")),
        with("PUT", MAP, MAP, pair.clone()),
        with("POST", SEARCH_MAPPINGS, SEARCH_MAPPINGS, everything()),
        with("PUT", UNMAP, UNMAP, mapped),
        get(
            "/securebiometricinterface/{sbiId}/devices",
            "/securebiometricinterface/{p}-sbi/devices",
        ),
        with(
            "POST",
            "/securebiometricinterface/{sbiId}/devices",
            "/securebiometricinterface/{p}-sbi/devices",
            device,
        ),
        with(
            "PATCH",
            "/securebiometricinterface/{sbiId}",
            "/securebiometricinterface/{p}-sbi",
            ended.clone(),
        ),
    ]
}

pub(super) fn chips() -> Vec<Call> {
    const CHIP: &str = "/ftpchipdetail/{ftmId}";
    const CHIPS: &str = "/ftpchipdetail";
    const SEARCH: &str = "/ftpchipdetail/search";
    const UPLOAD: &str = "/ftpchipdetail/uploadcertificate";
    const CERTIFICATE: &str = "/ftpchipdetail/getPartnerCertificate/{ftpChipDetailId}";
    let new = json!({ "ftpProviderId": "{p}", "make": "make", "model": "another" });
    let change = json!({ "ftpChipDetailId": "{p}-chip", "make": "make", "model": "changed" });
    let decision = json!({ "ftpChipDetailId": "{p}-chip", "approvalStatus": true });
    let upload = json!({
        "ftpProviderId": "{p}",
        "ftpChipDeatilId": "{p}-chip",
        "isItForRegistrationDevice": true,
        "certificateData": "PEM",
        "organizationName": "Org {p}",
        "partnerDomain": "FTM",
    });
    let deactivate = json!({ "status": "De-Activate" });
    vec![
        with("POST", CHIPS, CHIPS, new),
        with("PUT", CHIPS, CHIPS, change),
        with("PATCH", CHIPS, CHIPS, decision),
        with("POST", UPLOAD, UPLOAD, upload),
        get(CERTIFICATE, "/ftpchipdetail/getPartnerCertificate/{p}-chip"),
        with("POST", SEARCH, SEARCH, everything()),
        get(CHIPS, CHIPS),
        get(
            "/ftpchipdetail/v2",
            "/ftpchipdetail/v2?pageNo=0&pageSize=100",
        ),
        with("PATCH", CHIP, "/ftpchipdetail/{p}-chip", deactivate),
        get(
            "/ftpchipdetail/{ftmId}/certificate-data",
            "/ftpchipdetail/{p}/certificate-data",
        ),
    ]
}
