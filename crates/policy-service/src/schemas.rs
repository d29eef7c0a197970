//! The policy schemas: built in, unless the operator has others.

use std::collections::BTreeMap;

use pms_domain::policy::{PolicySchema, PolicySchemas};
use pms_runtime::RuntimeError;

/// The built-in schemas with `overrides` (policy type, file path or URL) over them.
///
/// # Errors
/// When an override can't be read, or is no draft-04 schema.
pub(crate) async fn load(
    client: &reqwest::Client,
    overrides: &BTreeMap<String, String>,
) -> Result<PolicySchemas, RuntimeError> {
    let mut schemas = PolicySchemas::built_in()
        .map_err(|error| RuntimeError::Other(format!("a built-in policy schema: {error}")))?;
    for (policy_type, source) in overrides {
        let unusable = |error: &dyn std::fmt::Display| {
            RuntimeError::Other(format!("policy.schemas.{policy_type} ({source}): {error}"))
        };
        let text = read(client, source)
            .await
            .map_err(|error| unusable(&error))?;
        let schema = PolicySchema::compile(&text).map_err(|error| unusable(&error))?;
        schemas.set(policy_type, schema);
    }
    Ok(schemas)
}

#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    File(#[from] std::io::Error),
    #[error("{}", innermost(.0))]
    Http(#[from] reqwest::Error),
}

async fn read(client: &reqwest::Client, source: &str) -> Result<String, ReadError> {
    if source.starts_with("http://") || source.starts_with("https://") {
        Ok(client
            .get(source)
            .send()
            .await?
            .error_for_status()?
            .text()
            .await?)
    } else {
        Ok(tokio::fs::read_to_string(source).await?)
    }
}

/// The cause: the outer errors only repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
