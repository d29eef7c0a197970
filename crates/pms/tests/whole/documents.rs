//! The API documents against the route tables.

use std::collections::BTreeMap;

use pms_web::Route;
use pms_web::openapi::{document, document_path};
use serde_json::Value;

fn all() -> Vec<Route> {
    let mut routes = pms_policy_service::routes();
    routes.extend(pms_partner_service::routes());
    routes.extend(pms_certificate_service::routes());
    routes
}

#[test]
fn every_route_is_documented_with_a_summary_and_its_path_parameters() {
    let routes = all();
    let document: Value = serde_json::to_value(document("all", &routes)).unwrap();

    for route in &routes {
        let row = &route.descriptor;
        let method = row.method.as_str().to_lowercase();
        let operation = &document["paths"][document_path(&row.path)][&method];
        assert!(operation.is_object(), "{method} {} is missing", row.path);
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(!summary.is_empty(), "{method} {} has no summary", row.path);
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for part in row.path.split('{').skip(1) {
            let name = part.split(['}', ':']).next().unwrap();
            assert!(
                parameters.iter().any(|found| found["name"] == name),
                "{} {name}",
                row.path
            );
        }
    }
}

#[test]
fn a_name_in_the_documents_means_one_schema() {
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();

    for route in all() {
        for (name, schema) in route.doc.components {
            let schema = serde_json::to_value(schema).unwrap();
            let first = seen.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(*first, schema, "{name} of {}", route.descriptor.path);
        }
    }
}

#[test]
fn no_two_rows_have_the_same_method_and_path() {
    let mut rows: Vec<String> = all()
        .iter()
        .map(|route| format!("{} {}", route.descriptor.method, route.descriptor.path))
        .collect();
    let count = rows.len();

    rows.sort();
    rows.dedup();

    assert_eq!(rows.len(), count);
}
