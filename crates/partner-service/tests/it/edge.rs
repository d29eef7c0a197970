//! What all endpoints have in common: tokens, roles, bodies, methods.

use std::collections::BTreeSet;

use pms_domain::partner::registration::RESERVED_IDS;
use pms_testkit::Who;
use pms_web::Access;
use serde_json::json;

use crate::support::{BASE, Stage};

#[actix_web::test]
async fn every_endpoint_needs_a_token_and_its_role() {
    let stage = Stage::start().await;
    let body = stage.app.v1(&json!({
        "partnerId": "x", "organizationName": "x", "address": "x", "contactNumber": "x",
        "emailId": "x", "partnerType": "x", "status": "x", "policyName": "x", "label": "x",
        "useCaseDescription": "x", "extractors": [], "filters": [], "oldPolicyID": "x",
        "newPolicyID": "x",
    }));
    for route in pms_partner_service::routes() {
        let row = &route.descriptor;
        if row.access == Access::Public {
            continue;
        }
        // A missing parameter is found before a missing role.
        let path = row.path.replace(['{', '}'], "") + "?status=x";
        let method = row.method.as_str();
        let sent = (method != "GET").then(|| body.to_string());

        let nobody = stage
            .app
            .send(&Who::Nobody, method, &path, sent.clone())
            .await;
        assert_eq!(nobody.status, 401, "{method} {path}");
        let expected = ("KER-ATH-401".to_owned(), "Authentication Failed".to_owned());
        assert_eq!(nobody.error(), expected);

        let guest = Who::user("guest", &["NOBODY"]);
        let roleless = stage.app.send(&guest, method, &path, sent).await;
        let admitted = match row.access {
            Access::Role(property) => stage.app.runtime.edge.roles().admits(property, &[]),
            Access::AnyToken | Access::Public => true,
        };
        if admitted {
            assert!(matches!(roleless.status, 200 | 400), "{method} {path}");
        } else if roleless.status == 400 && method != "GET" {
            // A body that lacks members is found before a missing role, too; the table of
            // access calls these endpoints with whole bodies.
            assert_eq!(roleless.error().0, "PMS_COR_001", "{method} {path}");
        } else {
            assert_eq!(roleless.status, 403, "{method} {path}");
            assert_eq!(
                roleless.error(),
                ("KER-ATH-403".to_owned(), "Forbidden".to_owned())
            );
        }
    }
}

#[actix_web::test]
async fn a_body_that_cannot_be_read_is_a_problem_document() {
    let stage = Stage::start().await;
    for route in pms_partner_service::routes() {
        let row = &route.descriptor;
        let path = row.path.replace(['{', '}'], "");
        let method = row.method.as_str();
        if route.doc.request.is_none() {
            continue;
        }
        for body in [
            "",
            "{",
            "[]",
            r#"{"requesttime":"2026-11-24","requestTime":"2026-11-24","request":{}}"#,
        ] {
            let reply = stage
                .app
                .send(&Who::admin(), method, &path, Some(body.to_owned()))
                .await;
            let expected = json!({
                "type": "about:blank",
                "title": "Bad Request",
                "status": 400,
                "detail": "Failed to read request",
                "instance": path,
            });
            assert_eq!(
                (reply.status, reply.json()),
                (400, expected),
                "{method} {path} {body}"
            );
        }
    }
}

#[actix_web::test]
async fn another_method_is_told_what_would_work() {
    let stage = Stage::start().await;

    let reply = stage
        .app
        .send(&Who::admin(), "DELETE", &format!("{BASE}/partners/x"), None)
        .await;

    assert_eq!(reply.status, 405);
    let allowed = reply.header("allow").unwrap();
    assert!(
        allowed.contains("GET") && allowed.contains("PATCH"),
        "{allowed}"
    );
}

/// A partner with such an id could never be reached.
#[test]
fn every_literal_segment_after_partners_is_reserved() {
    let forwarded = pms_runtime::forward::PREFIXES.map(str::to_owned);
    let paths = pms_partner_service::routes()
        .into_iter()
        .map(|route| route.descriptor.path);
    let literals: BTreeSet<String> = paths
        .chain(forwarded)
        .filter_map(|path| {
            let rest = path.strip_prefix(&format!("{BASE}/partners/"))?;
            let segment = rest.split('/').next()?;
            (!segment.contains('{')).then(|| segment.to_owned())
        })
        .collect();

    assert!(literals.len() >= 4, "{literals:?}");
    for literal in literals {
        assert!(
            RESERVED_IDS.contains(&literal.as_str()),
            "{literal} is not reserved"
        );
    }
}
