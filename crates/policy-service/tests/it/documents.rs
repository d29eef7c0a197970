//! The API document.

use serde_json::Value;

use crate::support::*;

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            members
                .values()
                .for_each(|member| references(member, found));
        }
        _ => {}
    }
}

#[actix_web::test]
async fn every_endpoint_is_described_and_every_reference_leads_somewhere() {
    let app = start().await;

    let document = app.get(&manager(), &path("/v3/api-docs")).await.json();

    let paths = document["paths"].as_object().unwrap();
    let operations: usize = paths
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(operations, 21);
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}
