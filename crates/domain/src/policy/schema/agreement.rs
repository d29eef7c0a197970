//! Our walk and `jsonschema` agree about what is valid.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;

/// Names and words of the built-in schemas, so that documents come close.
const NAMES: [&str; 14] = [
    "authTokenType",
    "allowedAuthTypes",
    "allowedKycAttributes",
    "authType",
    "mandatory",
    "attributeName",
    "dataSharePolicies",
    "shareableAttributes",
    "source",
    "filter",
    "subType",
    "allowAuthRequestDelegation",
    "a/b~",
    "",
];

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        (-1.0e3..1.0e3).prop_map(|number: f64| json!(number)),
        prop_oneof![Just("random"), Just("direct"), Just("none"), Just("")]
            .prop_map(|text| json!(text)),
        ".{0,6}".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        let name = prop_oneof![
            4 => proptest::sample::select(&NAMES[..]).prop_map(str::to_owned),
            1 => ".{0,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((name, inner), 0..5)
                .prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// Valid documents, one for each type.
fn valid() -> [(&'static str, Value); 3] {
    let auth = json!({
        "authTokenType": "policy",
        "allowedAuthTypes": [{ "authType": "bio", "authSubType": "", "mandatory": true }],
        "allowedKycAttributes": [{ "attributeName": "photo" }],
        "kycLanguages": ["eng"],
    });
    let share = json!({
        "dataSharePolicies": {
            "typeOfShare": "direct", "validForInMinutes": "1", "transactionsAllowed": "1",
            "encryptionType": "none", "shareDomain": "x", "source": "y", "protocol": "http",
        },
        "shareableAttributes": [{
            "attributeName": "a", "encrypted": false, "group": "g", "format": "f",
            "source": [{ "attribute": "b", "filter": [
                { "type": "t" }, { "type": "t", "subType": ["a", "b"] }, { "language": "eng" },
            ] }],
        }],
    });
    let misp = json!({
        "allowAuthRequestDelegation": true, "allowKycRequestDelegation": true,
        "allowKeyBindingDelegation": true, "allowVciRequestDelegation": false,
    });
    [("auth", auth), ("datashare", share), ("misp", misp)]
}

/// Pointers of all nodes of a document.
fn pointers(document: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match document {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                pointers(member, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

fn agree(
    schemas: &PolicySchemas,
    policy_type: &str,
    document: &Value,
) -> Result<(), TestCaseError> {
    let schema = &schemas.by_type[policy_type];
    let walked = walk::first_violation(&schema.text, document);
    let compiled = schema.compiled.is_valid(document);
    prop_assert_eq!(
        walked.is_none(),
        compiled,
        "{}: {} {:?}",
        policy_type,
        document,
        walked
    );
    prop_assert_eq!(schema.check(document).is_ok(), compiled);
    Ok(())
}

proptest! {
    #[test]
    fn on_any_json(document in json_value()) {
        let schemas = PolicySchemas::built_in().unwrap();
        for (policy_type, _) in BUILT_IN {
            agree(&schemas, policy_type, &document)?;
        }
    }

    #[test]
    fn on_valid_documents_with_one_change(
        which in 0_usize..3,
        place in any::<prop::sample::Index>(),
        value in json_value(),
        name in proptest::sample::select(&NAMES[..]),
    ) {
        let schemas = PolicySchemas::built_in().unwrap();
        let (policy_type, document) = valid()[which].clone();
        agree(&schemas, policy_type, &document)?;
        prop_assert!(schemas.by_type[policy_type].check(&document).is_ok());
        let mut found = Vec::new();
        pointers(&document, "", &mut found);
        let pointer = place.get(&found);

        let mut replaced = document.clone();
        *replaced.pointer_mut(pointer).unwrap() = value.clone();
        agree(&schemas, policy_type, &replaced)?;

        let mut extended = document.clone();
        if let Some(members) = extended.pointer_mut(pointer).unwrap().as_object_mut() {
            members.insert(name.to_owned(), value);
        }
        agree(&schemas, policy_type, &extended)?;

        let mut removed = document;
        if let Some((parent, name)) = pointer.rsplit_once('/')
            && let Some(members) = removed.pointer_mut(parent).unwrap().as_object_mut()
        {
            members.remove(name);
        }
        agree(&schemas, policy_type, &removed)?;
    }
}
