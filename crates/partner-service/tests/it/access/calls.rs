//! One well-formed request for every endpoint. `{p}` stands for the partner
//! that the request is about.

use std::borrow::Cow;

use actix_web::http::Method;
use pms_testkit::{Reply, Who};
use pms_web::Dialect;
use serde_json::{Value, json};

use crate::support::{BASE, Stage};

/// A request for the rows of a partner.
pub struct Call {
    method: &'static str,
    /// Path as the route table has it.
    route: Cow<'static, str>,
    /// Path as it is sent.
    path: Cow<'static, str>,
    /// `request` of the envelope; none for a request without body.
    request: Option<Value>,
}

impl Call {
    /// Method and route.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.route)
    }

    /// Whether its request names this status.
    pub fn asks_for(&self, status: &str) -> bool {
        let request = self.request.as_ref();
        let members = ["status", "approvalStatus"];
        request.is_some_and(|request| members.iter().any(|name| request[name] == status))
    }

    /// Sends it about the rows of `partner`.
    pub async fn send(&self, stage: &Stage, who: &Who, partner: &str) -> Reply {
        let path = format!("{BASE}{}", self.path.replace("{p}", partner));
        let body = self.request.as_ref().map(|request| {
            let envelope = self.envelope(stage, request);
            envelope.to_string().replace("{p}", partner)
        });
        stage.app.send(who, self.method, &path, body).await
    }

    /// The envelope that the route expects.
    fn envelope(&self, stage: &Stage, request: &Value) -> Value {
        let mut rows = pms_partner_service::routes()
            .into_iter()
            .map(|route| route.descriptor);
        let row = rows.find(|row| {
            row.method.as_str() == self.method && row.path == format!("{BASE}{}", self.route)
        });
        match row.expect("a route").dialect {
            Dialect::V2 { operation, .. } => json!({
                "id": operation,
                "version": "1.0",
                "requestTime": stage.app.now_text(),
                "metadata": {},
                "request": request,
            }),
            _ => stage.app.v1(request),
        }
    }
}

fn get(route: &'static str, path: &'static str) -> Call {
    Call {
        method: "GET",
        route: route.into(),
        path: path.into(),
        request: None,
    }
}

pub fn with(method: &'static str, route: &'static str, path: &'static str, request: Value) -> Call {
    Call {
        method,
        route: route.into(),
        path: path.into(),
        request: Some(request),
    }
}

fn registration() -> Value {
    json!({
        "partnerId": "new{p}",
        "organizationName": "New {p}",
        "address": "1 Main Street",
        "contactNumber": "700-2",
        "emailId": "new-{p}@example.org",
        "partnerType": "Auth_Partner",
        "policyGroup": "Group One",
        "langCode": "eng",
        "additionalInfo": null,
        "logoUrl": null,
    })
}

fn profile() -> Value {
    json!({
        "address": "2 Main Street",
        "contactNumber": "700-3",
        "additionalInfo": null,
        "logoUrl": null,
    })
}

fn everything() -> Value {
    json!({
        "filters": [],
        "sort": [],
        "pagination": { "pageStart": 0, "pageFetch": 100 },
        "partnerType": "all",
    })
}

fn values(column: &str) -> Value {
    json!({
        "filters": [{ "columnName": column, "type": "all", "text": "" }],
        "optionalFilters": [],
    })
}

/// All of them, in the order of the contract. A plain read needs no entry: its
/// path with the partner's id for every parameter is a request.
pub fn calls() -> Vec<Call> {
    let mut all = partners();
    all.extend(requests());
    all.extend(keys());
    all.extend(administration());
    all.extend(portal());
    all.extend(devices());
    all.extend(clients());
    all.extend(chips());
    all.extend(sign_in());
    for row in pms_partner_service::routes() {
        let row = row.descriptor;
        let route = row.path.trim_start_matches(BASE);
        let known = all
            .iter()
            .any(|call| row.method.as_str() == call.method && route == call.route);
        if row.method == Method::GET && !known {
            let segments = route.split('/');
            let sent = segments.map(|segment| {
                if segment.contains('{') {
                    "{p}"
                } else {
                    segment
                }
            });
            let path = sent.collect::<Vec<_>>().join("/");
            all.push(Call {
                method: "GET",
                route: route.to_owned().into(),
                path: path.into(),
                request: None,
            });
        }
    }
    all
}

fn partners() -> Vec<Call> {
    const CONTACT: &str = "/partners/{partnerId}/contact/add";
    let contact = json!({
        "address": "3 Main Street",
        "contactNumber": "700-4",
        "emailId": "contact-{p}@example.org",
        "is_Active": true,
    });
    let mail = json!({ "emailId": "{p}@example.org" });
    vec![
        with("POST", "/partners", "/partners", registration()),
        with("POST", "/partners/v2", "/partners/v2", registration()),
        with(
            "PUT",
            "/partners/email/verify",
            "/partners/email/verify",
            mail,
        ),
        get("/partners/{partnerId}", "/partners/{p}"),
        with("PUT", "/partners/{partnerId}", "/partners/{p}", profile()),
        with(
            "PUT",
            "/partners/v2/{partnerId}",
            "/partners/v2/{p}",
            profile(),
        ),
        with("POST", CONTACT, "/partners/{p}/contact/add", contact),
        Call {
            method: "PUT",
            route: "/partners/{partnerId}/policygroup/{policygroupName}".into(),
            path: "/partners/{p}/policygroup/Group%20One".into(),
            request: None,
        },
        get(
            "/partners/{partnerId}/certificate",
            "/partners/{p}/certificate",
        ),
        get(
            "/partners/{partnerId}/certificate-data",
            "/partners/{p}/certificate-data",
        ),
        get("/partners/v3", "/partners/v3?status=approved"),
        with("POST", "/partners/search", "/partners/search", everything()),
        with(
            "POST",
            "/partners/partnertype/search",
            "/partners/partnertype/search",
            everything(),
        ),
        with(
            "POST",
            "/partners/filtervalues",
            "/partners/filtervalues",
            values("name"),
        ),
        get("/roles", "/roles"),
    ]
}

fn requests() -> Vec<Call> {
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

fn keys() -> Vec<Call> {
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

fn administration() -> Vec<Call> {
    let point = json!({ "oldPolicyID": "{p}-held", "newPolicyID": "{p}-asked" });
    vec![
        with(
            "PATCH",
            "/partners/{partnerId}",
            "/partners/{p}",
            json!({ "status": "De-active" }),
        ),
        with(
            "PUT",
            "/partners/policy/{mappingkey}",
            "/partners/policy/{p}-m1",
            json!({ "status": "Approved" }),
        ),
        with(
            "PUT",
            "/partners/{partnerId}/apikey/{apikey}/policies",
            "/partners/{p}/apikey/{p}-key/policies",
            point,
        ),
        get("/partners", "/partners"),
        get("/partners/v2", "/partners/v2"),
        get(
            "/partners/{partnerId}/apikey/{apikey}",
            "/partners/{p}/apikey/{p}-key",
        ),
        get("/partners/apikey", "/partners/apikey"),
        get("/partners/apikey/{apikey}", "/partners/apikey/{p}-m1"),
        get("/admin-partners/{partnerId}", "/admin-partners/{p}"),
        get("/admin-partners", "/admin-partners?pageNo=0&pageSize=100"),
    ]
}

fn portal() -> Vec<Call> {
    const SEEN: &str = "/users/{userId}/notifications-seen-timestamp";
    const CONSENT: &str = "/users/user-consent";
    vec![
        get("/system-config", "/system-config"),
        with(
            "POST",
            "/users",
            "/users",
            json!({
                "userName": "new-{p}", "contactNo": "1", "emailID": "new-{p}@example.org",
                "role": "AUTH_PARTNER",
            }),
        ),
        get(CONSENT, CONSENT),
        Call {
            method: "POST",
            route: CONSENT.into(),
            path: CONSENT.into(),
            request: None,
        },
        get(SEEN, "/users/{p}/notifications-seen-timestamp"),
        with(
            "PUT",
            SEEN,
            "/users/{p}/notifications-seen-timestamp",
            json!({ "notificationsSeenDtimes": "2026-11-24T09:00:00.000Z" }),
        ),
        get("/notifications", "/notifications"),
        with(
            "PATCH",
            "/notifications/{notificationId}",
            "/notifications/{p}-note",
            json!({ "notificationStatus": "DISMISSED" }),
        ),
    ]
}

fn devices() -> Vec<Call> {
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

fn clients() -> Vec<Call> {
    const NEWER: &str = "/oauth/client/{clientId}";
    const OLDER: &str = "/oidc/client/{clientId}";
    let new = json!({
        "name": "Client {p}",
        "policyId": "{p}-held",
        "publicKey": { "kty": "OKP", "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        "authPartnerId": "{p}",
        "logoUri": "https://example.org/logo.png",
        "redirectUris": ["https://example.org"],
        "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Client {p}" },
    });
    let changed = json!({
        "logoUri": "https://example.org/logo.png",
        "redirectUris": ["https://example.org"],
        "status": "ACTIVE",
        "grantTypes": ["authorization_code"],
        "clientName": "Client {p}",
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Client {p}" },
    });
    vec![
        // The stage has no eSignet: whoever is let through learns that.
        with("POST", "/oauth/client", "/oauth/client", new.clone()),
        with("POST", "/oidc/client", "/oidc/client", new),
        with("PUT", NEWER, "/oauth/client/{p}-client", changed.clone()),
        with("PUT", OLDER, "/oidc/client/{p}-client", changed),
        get(NEWER, "/oauth/client/{p}-client"),
        get(OLDER, "/oidc/client/{p}-client"),
        get("/oauth/client", "/oauth/client"),
        get(
            "/oidc-clients/{clientId}/diagnosis",
            "/oidc-clients/{p}-client/diagnosis",
        ),
    ]
}

fn chips() -> Vec<Call> {
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

fn sign_in() -> Vec<Call> {
    const STATE: &str = "0e3ae3b8-3d4b-4b1c-8a37-0a3c1c1f6a55";
    // The page `http://portal.example/`.
    const PAGE: &str = "aHR0cDovL3BvcnRhbC5leGFtcGxlLw==";
    let path = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    vec![
        get(
            "/login/v2/{redirectURI:.*}",
            path(format!("/login/v2/{PAGE}?state={STATE}")),
        ),
        get(
            "/login/{redirectURI:.*}",
            path(format!("/login/{PAGE}?state={STATE}")),
        ),
        get(
            "/login-redirect/{redirectURI:.*}",
            path(format!("/login-redirect/{PAGE}?state={STATE}&code=x")),
        ),
        get(
            "/authorize/admin/validateToken",
            "/authorize/admin/validateToken",
        ),
        get(
            "/logout/user",
            path(format!("/logout/user?redirecturi={PAGE}")),
        ),
    ]
}
