//! A deactivated partner is given nothing, by any caller and any call: all
//! endpoints that write are tried, so that a new one must be tried too.

use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::revocation::{admin, certify, trusting};
use crate::support::service::{Replica, Stage};

const BASE: &str = "/v1/partnermanager";
/// A read that renews what has ended.
const RENEWING: &str = "GET /misps/{mispId}/licenseKey";

/// A request for what a partner has.
struct Call {
    /// Method and path as the route table has it.
    route: &'static str,
    /// Path as it is sent.
    path: String,
    request: Value,
    /// Whether it only ends something, which may happen to a deactivated partner.
    ends: bool,
}

fn call(route: &'static str, request: Value) -> Call {
    let (_, path) = route.split_once(' ').unwrap();
    Call {
        route,
        path: path.to_owned(),
        request,
        ends: false,
    }
}

/// One well-formed request, at least, for every endpoint that writes.
fn calls(leaf: &str, certificate_id: &str) -> Vec<Call> {
    let list = json!({
        "filters": [], "optionalFilters": [], "sort": [],
        "pagination": { "pageStart": 0, "pageFetch": 10 },
    });
    let licence = |key: &str, status: &str| {
        json!({
            "providerId": "misp", "licenseKey": key, "mispLicenseKey": key,
            "licenseKeyStatus": status,
        })
    };
    vec![
        call(
            "POST /partners/certificate/ca/upload",
            json!({ "certificateData": leaf, "partnerDomain": "DEVICE" }),
        ),
        call(
            "POST /partners/certificate/upload",
            json!({ "partnerId": "acme", "certificateData": leaf, "partnerDomain": "DEVICE" }),
        ),
        Call {
            path: format!("/certificates/{certificate_id}/revoke"),
            ends: true,
            ..call(
                "POST /certificates/{certificateId}/revoke",
                json!({ "reason": "cessationOfOperation" }),
            )
        },
        call("POST /misps", json!({ "providerId": "bare" })),
        call("PUT /misps", licence("ended", "active")),
        Call {
            path: "/misps/misp/licenseKey".to_owned(),
            ..call(RENEWING, Value::Null)
        },
        call("PUT /misps", licence("off", "active")),
        Call {
            ends: true,
            ..call("PUT /misps", licence("ended", "de-active"))
        },
        call("POST /misps/filtervalues", list.clone()),
        call("POST /misps/search", list),
    ]
}

impl Call {
    async fn send(&self, replica: &Replica, who: &Who) -> String {
        let (method, _) = self.route.split_once(' ').unwrap();
        let now = replica.request_time();
        // Every endpoint finds its envelope in it.
        let body = json!({
            "id": "mosip.pms.revoke.certificate.post", "version": "1.0",
            "requesttime": now, "requestTime": now, "request": self.request,
        });
        let body = (method != "GET").then(|| body.to_string());
        let path = format!("{BASE}{}", self.path);
        replica.send(who, method, &path, body).await.text
    }
}

/// All that partners have.
fn rows(stage: &Stage) -> Vec<String> {
    [
        "pms.partner",
        "pms.partner_h",
        "pms.misp_license",
        "keymgr.partner_cert_store",
        "keymgr.revoked_certificate",
    ]
    .map(|table| {
        let all = "coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')";
        stage.text(&format!("SELECT {all} FROM {table} t"))
    })
    .into()
}

#[actix_web::test]
async fn no_call_gives_a_deactivated_partner_anything() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let given = (&*stage, &replica);
    let provider = ("acme", "Device_Provider");
    let (id, _) = certify(given, provider, &root.leaf("Acme"), "DEVICE").await;
    stage.partner("misp", "Misp Ltd", "MISP_Partner");
    stage.partner("bare", "Bare Ltd", "MISP_Partner");
    stage.sql(
        "UPDATE pms.partner SET approval_status = 'approved', is_active = false
           WHERE id IN ('acme', 'misp', 'bare');
         INSERT INTO pms.misp_license (misp_id, license_key, valid_from_date, valid_to_date,
           is_active, cr_by, cr_dtimes, is_deleted)
         VALUES ('misp', 'ended', '2026-01-01', '2026-11-01', true, 'u', '2026-01-01', false),
                ('misp', 'off', '2026-01-01', '2030-01-01', false, 'u', '2026-01-02', false)",
    );
    let roles = ["DEVICE_PROVIDER", "MISP_PARTNER"];

    for call in calls(&root.leaf("Acme"), &id) {
        let mut changed = false;
        for who in [
            Who::user("acme", &roles),
            Who::user("misp", &roles),
            Who::user("bare", &roles),
            admin(),
        ] {
            let before = rows(&stage);
            let reply = call.send(&replica, &who).await;
            let differs = rows(&stage) != before;
            assert!(!differs || call.ends, "{}: {reply}", call.route);
            changed |= differs;
        }
        assert_eq!(changed, call.ends, "{}", call.route);
    }
    // None of the refusals was about the request itself.
    stage.sql("UPDATE pms.partner SET is_active = true");
    for call in calls(&root.leaf("Acme"), &id) {
        let before = rows(&stage);
        let reply = call.send(&replica, &admin()).await;
        let read = call.route.ends_with("/search") || call.route.ends_with("/filtervalues");
        // Authorities are no partner's.
        let gives = !call.ends && !read && !call.route.contains("/ca/");
        assert!(!gives || rows(&stage) != before, "{}: {reply}", call.route);
    }
}

#[test]
fn every_endpoint_that_writes_is_called() {
    let called: Vec<&str> = calls("", "").iter().map(|call| call.route).collect();
    for route in pms_certificate_service::routes() {
        let row = route.descriptor;
        let name = format!("{} {}", row.method, row.path.trim_start_matches(BASE));
        let reads = row.method.as_str() == "GET" && name != RENEWING;
        assert!(
            reads || called.contains(&name.as_str()),
            "no call of {name}"
        );
    }
}
