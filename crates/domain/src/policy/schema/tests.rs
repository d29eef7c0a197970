use serde_json::json;

use super::*;

fn auth() -> Value {
    json!({
        "authTokenType": "random",
        "allowedAuthTypes": [
            { "authType": "bio", "authSubType": "FACE", "mandatory": false },
            { "authType": "otp", "mandatory": true },
        ],
        "allowedKycAttributes": [{ "attributeName": "fullName" }],
    })
}

fn data_share() -> Value {
    json!({
        "dataSharePolicies": {
            "typeOfShare": "Data Share",
            "validForInMinutes": "30",
            "transactionsAllowed": "2",
            "encryptionType": "Partner Based",
            "shareDomain": "datashare.datashare",
            "source": "ID Repository",
        },
        "shareableAttributes": [{
            "attributeName": "biometrics",
            "group": "CBEFF",
            "source": [{ "attribute": "individualBiometrics", "filter": [{ "type": "Face" }] }],
            "encrypted": true,
            "format": " ",
        }],
    })
}

/// `document` with the value at `pointer` replaced.
fn with(document: Value, pointer: &str, value: Value) -> Value {
    let mut document = document;
    *document.pointer_mut(pointer).unwrap() = value;
    document
}

/// `document` without the member at `pointer`.
fn without(document: Value, pointer: &str) -> Value {
    let mut document = document;
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    document
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap()
        .remove(name)
        .unwrap();
    document
}

fn outcome(policy_type: &str, document: &Value) -> String {
    let schemas = PolicySchemas::built_in().unwrap();
    let schema = schemas.of_type(policy_type);
    match schema.and_then(|schema| schema.check(document)) {
        Ok(()) => "accepted".to_owned(),
        Err(rejection) => {
            let error = &rejection.errors()[0];
            format!("{} {}", rejection.code(), error.message.as_deref().unwrap())
        }
    }
}

#[test]
fn documents_of_every_built_in_type_are_accepted() {
    let misp = json!({
        "allowAuthRequestDelegation": true,
        "allowKycRequestDelegation": true,
        "allowKeyBindingDelegation": false,
    });
    let binding = json!({ "allowedAuthTypes": [{ "authType": "otp", "mandatory": true }] });

    assert_eq!(outcome("Auth", &auth()), "accepted");
    assert_eq!(outcome("DataShare", &data_share()), "accepted");
    assert_eq!(outcome("Datashare", &data_share()), "accepted");
    assert_eq!(outcome("CredentialIssuance", &data_share()), "accepted");
    assert_eq!(outcome("MISP", &misp), "accepted");
    assert_eq!(outcome("Binding", &binding), "accepted");
}

#[test]
fn a_type_without_a_schema_is_refused() {
    assert_eq!(
        outcome("Other", &auth()),
        "PMS_POL_051 Policy Schema and policy are not matching/the policy type has no schema"
    );
}

#[test]
fn token_types_are_compared_exactly_and_a_wrong_value_beats_a_wrong_type() {
    for wrong in [
        json!(""),
        json!(" "),
        json!("null"),
        json!("Policy"),
        json!(null),
        json!(7),
    ] {
        assert_eq!(
            outcome("Auth", &with(auth(), "/authTokenType", wrong)),
            "PMS_PV_005 Invalid input parameter - authTokenType in policy data"
        );
    }
}

#[test]
fn missing_members_are_named_with_their_path() {
    for (document, member) in [
        (without(auth(), "/authTokenType"), "authTokenType"),
        (
            without(auth(), "/allowedKycAttributes"),
            "allowedKycAttributes",
        ),
        (
            without(auth(), "/allowedAuthTypes/1/authType"),
            "allowedAuthTypes/1/authType",
        ),
        (json!({}), "allowedAuthTypes"),
    ] {
        assert_eq!(
            outcome("Auth", &document),
            format!("PMS_PV_006 Missing input parameter - {member} in policy data")
        );
    }
}

#[test]
fn wrong_types_are_named_with_the_type_that_is_expected() {
    for (pointer, value, text) in [
        ("", json!([]), "object"),
        ("/allowedAuthTypes", json!("x"), "allowedAuthTypes/array"),
        (
            "/allowedAuthTypes/0/mandatory",
            json!("true"),
            "allowedAuthTypes/0/mandatory/boolean",
        ),
        (
            "/allowedAuthTypes/0/authSubType",
            json!(null),
            "allowedAuthTypes/0/authSubType/string",
        ),
        (
            "/allowedKycAttributes/0",
            json!(3),
            "allowedKycAttributes/0/object",
        ),
    ] {
        assert_eq!(
            outcome("Auth", &with(auth(), pointer, value)),
            format!("PMS_PV_007 Format Error: Expected format is {text}.")
        );
    }
}

#[test]
fn the_root_beats_what_is_below_and_unexpected_beats_missing() {
    let mut document = with(auth(), "/allowedAuthTypes/0/mandatory", json!(1));
    document["zeta"] = json!(1);
    document["a/b"] = json!(1);
    let document = without(document, "/authTokenType");

    assert_eq!(
        outcome("Auth", &document),
        "PMS_PV_005 Invalid input parameter - a/b in policy data"
    );
}

#[test]
fn children_are_visited_by_name_and_index() {
    let document = with(
        data_share(),
        "/shareableAttributes/0/encrypted",
        json!(null),
    );
    let both = with(
        document.clone(),
        "/dataSharePolicies/typeOfShare",
        json!("Direct"),
    );

    assert_eq!(
        outcome("DataShare", &document),
        "PMS_PV_007 Format Error: Expected format is shareableAttributes/0/encrypted/boolean."
    );
    assert_eq!(
        outcome("DataShare", &both),
        "PMS_PV_005 Invalid input parameter - dataSharePolicies/typeOfShare in policy data"
    );
}

#[test]
fn filters_are_checked_by_position() {
    let filter = |filter: Value| {
        let mut document = data_share();
        document["shareableAttributes"][0]["source"][0]["filter"] = filter;
        outcome("DataShare", &document)
    };
    let path = "shareableAttributes/0/source/0/filter";
    let wrong = |text: &str| format!("PMS_PV_007 Format Error: Expected format is {path}/{text}.");

    assert_eq!(filter(json!([])), "accepted");
    assert_eq!(filter(json!([{ "type": 1 }])), wrong("0/type/string"));
    assert_eq!(
        filter(json!([{}, { "subType": ["a", 1] }])),
        wrong("1/subType/1/string")
    );
    assert_eq!(
        filter(json!([{}, { "subType": ["a", "b", 1] }])),
        "accepted"
    );
    assert_eq!(
        filter(json!([{}, {}, { "language": 1 }])),
        wrong("2/language/string")
    );
    assert_eq!(filter(json!([{}, {}, {}, 7])), "accepted");
}

/// A schema of an operator, with this member `word`.
fn operators(word: &str) -> PolicySchema {
    let text = r##"{
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "object",
        "definitions": { "word": { "type": "string", "minLength": 1, "pattern": "^[a-z]*$" } },
        "properties": {
            "word": { "$ref": "WORD" },
            "list": { "type": ["array", "null"], "minItems": 1 }
        }
    }"##;
    PolicySchema::compile(&text.replace("WORD", word)).unwrap()
}

fn message(schema: &PolicySchema, document: &Value) -> Option<String> {
    let rejection = schema.check(document).err()?;
    Some(rejection.errors()[0].message.clone().unwrap().into_owned())
}

#[test]
fn an_operators_schema_may_use_sizes_references_and_keywords_without_a_code() {
    let schema = operators("#/definitions/word");

    assert_eq!(
        message(&schema, &json!({ "word": "a", "list": null })),
        None
    );
    for (document, text) in [
        (
            json!({ "word": "" }),
            "Empty string is not allowed in word.",
        ),
        (json!({ "list": [] }), "Empty array is not allowed in list."),
        (
            json!({ "list": 1 }),
            "Format Error: Expected format is list/array.",
        ),
        (json!({ "word": "A" }), "Policy Object validation failed"),
    ] {
        assert_eq!(message(&schema, &document).as_deref(), Some(text));
    }
}

#[test]
fn a_circle_of_references_is_not_walked_for_ever() {
    let circle = json!({ "$ref": "#" });

    assert_eq!(walk::first_violation(&circle, &json!({ "any": 1 })), None);
}

#[test]
fn a_text_that_is_no_schema_is_refused() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"$schema":"http://json-schema.org/draft-04/schema#"}"#,
        r#"{"$schema":null,"type":"object"}"#,
        r#"{"$schema":"http://json-schema.org/draft-04/schema#","type":"thing"}"#,
    ] {
        assert!(PolicySchema::compile(text).is_err(), "{text}");
    }
}
