//! `pms keys make-kek`: a new key encryption key, on paper or in a secret.

use std::fs;
use std::path::Path;
use std::time::Duration;

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_integrations::http;
use reqwest::StatusCode;
use serde_json::json;
use zeroize::Zeroizing;

use super::super::{CommandError, say};
use crate::cli::keys::MakeKekArguments;

/// Longest the API server may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Makes the key.
///
/// # Errors
/// One line, without the key, when it can't be kept.
pub(super) async fn make(arguments: MakeKekArguments) -> Result<(), CommandError> {
    let mut key = Zeroizing::new([0_u8; 32]);
    rand::fill(key.as_mut_slice())
        .map_err(|_unspecified| CommandError("keys: no random numbers".to_owned()))?;
    let text = Zeroizing::new(STANDARD.encode(key.as_slice()));
    let Some(secret) = &arguments.kubernetes_secret else {
        say(text.as_str());
        return Ok(());
    };
    let made = keep(&arguments, secret, &text).await;
    match made.map_err(|why| CommandError(format!("keys: secret {secret}: {why}")))? {
        true => say(format_args!(
            "Secret {secret} is made. Copy it, apart from the backups of the database."
        )),
        false => say(format_args!(
            "Secret {secret} is there already; it stays as it is."
        )),
    }
    Ok(())
}

/// Makes the secret at the API server of the pod; `false` when it is there.
async fn keep(arguments: &MakeKekArguments, name: &str, text: &str) -> Result<bool, String> {
    let account = &arguments.service_account;
    let (token, namespace) = (read(account, "token")?, read(account, "namespace")?);
    let client = http::client_trusting(TIMEOUT, &account.join("ca.crt"))
        .map_err(|error| error.to_string())?;
    let secret = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": { "name": name, "namespace": namespace.as_str() },
        "type": "Opaque",
        "immutable": true,
        "data": { &arguments.secret_key: STANDARD.encode(text) },
    });
    let url = format!(
        "{}/api/v1/namespaces/{}/secrets",
        server()?,
        namespace.as_str()
    );
    let request = client.post(url).bearer_auth(token.as_str()).json(&secret);
    let answer = request
        .send()
        .await
        .map_err(|error| error.without_url().to_string())?;
    match answer.status() {
        StatusCode::CREATED => Ok(true),
        StatusCode::CONFLICT => Ok(false),
        status => Err(format!("the API server answers HTTP {}", status.as_u16())),
    }
}

/// Where Kubernetes says that its API server is.
fn server() -> Result<String, String> {
    let variable = |name: &str| {
        let value = std::env::var(name).ok().filter(|value| !value.is_empty());
        value.ok_or_else(|| format!("{name} is not set: this is no pod"))
    };
    let host = variable("KUBERNETES_SERVICE_HOST")?;
    let port = variable("KUBERNETES_SERVICE_PORT")?;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host
    };
    Ok(format!("https://{host}:{port}"))
}

fn read(account: &Path, file: &str) -> Result<Zeroizing<String>, String> {
    let path = account.join(file);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}
