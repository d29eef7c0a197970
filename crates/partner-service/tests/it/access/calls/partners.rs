//! Partners: their registration, their searches, and what administrators do to them.

use serde_json::{Value, json};

use super::{Call, everything, get, values, with};

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

pub(super) fn partners() -> Vec<Call> {
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

pub(super) fn administration() -> Vec<Call> {
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
