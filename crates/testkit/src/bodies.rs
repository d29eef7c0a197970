//! Whole bodies of answers, as tests compare them with [`Reply::timeless`].
//!
//! [`Reply::timeless`]: crate::Reply::timeless

use serde_json::{Value, json};

/// A V1 envelope with everything in its place.
fn v1(names: (Option<&str>, Option<&str>), response: &Value, errors: &Value) -> Value {
    json!({
        "id": names.0,
        "version": names.1,
        "responsetime": "<time>",
        "metadata": null,
        "response": response,
        "errors": errors,
    })
}

fn one(code: &str, message: &str) -> Value {
    json!([{ "errorCode": code, "message": message }])
}

/// A business error of the partner manager's V1 endpoints.
pub fn refused(code: &str, message: &str) -> Value {
    let names = (Some("mosip.partnermanagement"), Some("1.0"));
    v1(names, &Value::Null, &one(code, message))
}

/// A business error of the policy manager's V1 endpoints, and of what fails
/// before an endpoint is reached: it names no service.
pub fn nameless(code: &str, message: &str) -> Value {
    v1((None, None), &Value::Null, &one(code, message))
}

/// A success that echoes the `id` and `version` of the tests' requests.
pub fn echoed(response: &Value) -> Value {
    v1((Some("string"), Some("string")), response, &json!([]))
}

/// A success without `id` and `version`.
pub fn plain(response: &Value) -> Value {
    v1((None, None), response, &json!([]))
}

/// The partner manager's answer to an unexpected fault.
pub fn neutral() -> Value {
    nameless("PMS_PRT_500", "Unable to process the request.")
}

/// A field of a request that breaks a rule.
pub fn violation(rule: &str, field: &str) -> Value {
    let message = format!("Invalid request parameter - {rule} :request.{field}");
    nameless("PMS_COR_001", &message)
}

/// A success of a V2 endpoint.
pub fn answered(operation: &str, response: &Value) -> Value {
    json!({
        "id": operation,
        "version": "1.0",
        "responseTime": "<time>",
        "metadata": null,
        "response": response,
        "errors": [],
    })
}

/// A business error of a V2 endpoint.
pub fn refusal(operation: &str, code: &str, message: &str) -> Value {
    let mut body = answered(operation, &Value::Null);
    body["errors"] = one(code, message);
    body
}
