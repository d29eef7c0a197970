//! What all endpoints have in common: tokens, roles, bodies, methods.

use std::collections::BTreeSet;

use pms_domain::partner::registration::RESERVED_IDS;
use pms_testkit::Who;
use pms_web::{Access, Route};
use serde_json::{Value, json};

use crate::access::calls::calls;
use crate::access::{PARTNER_ROLES, furnish};
use crate::support::{BASE, Stage};

#[actix_web::test]
async fn every_endpoint_needs_a_token_and_its_role() {
    let stage = Stage::start().await;
    let calls = calls();
    for route in pms_partner_service::routes() {
        let row = &route.descriptor;
        if row.access == Access::Public {
            continue;
        }
        // Missing parameters and members are found before a missing role: the
        // requests are well-formed ones.
        let name = format!("{} {}", row.method, row.path.trim_start_matches(BASE));
        let call = calls.iter().find(|call| call.name() == name);
        let call = call.unwrap_or_else(|| panic!("no call of {name}"));

        let nobody = call.send(&stage, &Who::Nobody, "x").await;
        assert_eq!(nobody.status, 401, "{name}");
        let expected = ("KER-ATH-401".to_owned(), "Authentication Failed".to_owned());
        assert_eq!(nobody.error(), expected);

        let guest = Who::user("guest", &["NOBODY"]);
        let roleless = call.send(&stage, &guest, "x").await;
        let admitted = match row.access {
            Access::Role(property) => stage.app.runtime.edge.roles().admits(property, &[]),
            Access::AnyToken | Access::Public => true,
        };
        if admitted {
            assert!(matches!(roleless.status, 200 | 400), "{name}");
        } else {
            assert_eq!(roleless.status, 403, "{name}");
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
async fn another_method_learns_what_would_work() {
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

/// The columns that a list can be ordered by, as its document names them.
fn orders(route: &Route) -> Option<Vec<String>> {
    let mut parameters = route.doc.parameters.iter();
    let order = parameters.find(|parameter| parameter.name == "sortFieldName")?;
    let text = order.description.as_deref().unwrap();
    let quoted = text.split('`').skip(1).step_by(2);
    Some(quoted.map(str::to_owned).collect())
}

/// Which row comes first is tested list by list.
#[actix_web::test]
async fn every_list_keeps_its_rows_in_every_order() {
    let stage = Stage::start().await;
    furnish(&stage, "p");
    stage.sql("UPDATE partner_policy SET valid_to_datetime = '2026-12-01' WHERE part_id = 'p'");
    let mut roles = PARTNER_ROLES.to_vec();
    roles.push("PARTNER_ADMIN");
    let who = Who::user("p", &roles);
    let routes = pms_partner_service::routes();
    let lists = routes.iter().filter_map(|route| {
        let path = route.descriptor.path.trim_start_matches(BASE);
        Some((path, orders(route)?))
    });
    let mut tried = 0;
    for (path, columns) in lists {
        tried += 1;
        let page = format!("{path}?pageNo=0&pageSize=50");
        let plain = stage.get(&who, &page).await.response();
        assert!(
            plain["totalResults"].as_i64().unwrap() > 0,
            "{path}: {plain}"
        );
        assert!(!columns.is_empty(), "{path}");
        for column in columns {
            for direction in ["asc", "desc"] {
                let query = format!("sortFieldName={column}&sortType={direction}");
                let path = format!("{path}?{query}&pageNo=0&pageSize=50");
                let sorted = stage.get(&who, &path).await;
                if column == "emailAddress" {
                    // Encrypted: the contract refuses to order by it.
                    assert_eq!(sorted.error().0, "KER_PRT_391", "{path}");
                    continue;
                }
                let sorted = sorted.response();
                assert_eq!(sorted["totalResults"], plain["totalResults"], "{path}");
                let rows = |page: &Value| page["data"].as_array().unwrap().len();
                assert_eq!(rows(&sorted), rows(&plain), "{path}");
            }
        }
    }
    assert!(tried >= 8, "{tried} lists");
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
