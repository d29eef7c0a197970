//! The demo's HTTP client: one account, calls in the services' envelopes.

use std::time::Duration;

use pms_database::Clock;
use serde_json::{Value, json};
use url::Url;

use crate::commands::CommandError;

/// Talks to one deployment.
#[derive(Clone)]
pub(super) struct Deployment {
    http: reqwest::Client,
    base: Url,
    issuer: Url,
    client_id: String,
}

/// One signed-in user.
#[derive(Clone)]
pub(super) struct Account {
    deployment: Deployment,
    token: String,
}

impl Deployment {
    pub(super) fn new(
        base: Url,
        issuer: Option<Url>,
        client_id: &str,
    ) -> Result<Self, CommandError> {
        let wrong = |error: &dyn std::fmt::Display| CommandError::about("demo", error);
        let issuer = match issuer {
            Some(issuer) => issuer,
            None => base
                .join("/auth/realms/mosip")
                .map_err(|error| wrong(&error))?,
        };
        let http = pms_integrations::http::client(Duration::from_secs(20))
            .map_err(|error| wrong(&error))?;
        Ok(Self {
            http,
            base,
            issuer,
            client_id: client_id.to_owned(),
        })
    }

    /// Makes a user at the development identity provider.
    pub(super) async fn make_user(&self, user: &Value) -> Result<(), CommandError> {
        let url = self.address("/auth/realms/mosip/dev/users")?;
        let answer = self.http.post(url).json(user).send().await;
        let answer = answer.map_err(|error| unreachable(&self.base, &error))?;
        if answer.status().is_success() {
            return Ok(());
        }
        let (status, body) = (answer.status(), answer.text().await.unwrap_or_default());
        Err(CommandError(format!(
            "the identity provider at {} makes no users ({status} {body}); for a deployment that \
             is not `pms up` give --issuer, --admin-user, --partner-user and their passwords",
            self.base
        )))
    }

    /// Signs in by password.
    pub(super) async fn sign_in(
        &self,
        user: &str,
        password: &str,
    ) -> Result<Account, CommandError> {
        let issuer = self.issuer.as_str().trim_end_matches('/');
        let url = format!("{issuer}/protocol/openid-connect/token");
        let form = [
            ("grant_type", "password"),
            ("client_id", self.client_id.as_str()),
            ("username", user),
            ("password", password),
        ];
        let answer = self.http.post(&url).form(&form).send().await;
        let answer = answer.map_err(|error| unreachable(&self.issuer, &error))?;
        let status = answer.status();
        let body: Value = answer.json().await.unwrap_or(Value::Null);
        let token = text_at(&body, "/access_token").ok_or_else(|| {
            CommandError(format!(
                "{user} can't sign in: {status} {}",
                text_at(&body, "/error_description").unwrap_or_default()
            ))
        })?;
        Ok(Account {
            deployment: self.clone(),
            token: token.to_owned(),
        })
    }

    /// A page that needs no token.
    pub(super) async fn open_page(&self, path: &str) -> Result<Value, CommandError> {
        let answer = self.http.get(self.address(path)?).send().await;
        let answer = answer.map_err(|error| unreachable(&self.base, &error))?;
        answer
            .json()
            .await
            .map_err(|error| CommandError::about(path, error))
    }

    /// Sends JSON to a page that needs no token.
    #[cfg(feature = "development")]
    pub(super) async fn post_page(&self, path: &str, body: &Value) -> Result<Value, CommandError> {
        let answer = self.http.post(self.address(path)?).json(body).send().await;
        let answer = answer.map_err(|error| unreachable(&self.base, &error))?;
        let status = answer.status();
        if !status.is_success() {
            let body = answer.text().await.unwrap_or_default();
            return Err(CommandError(format!("{path}: {status} {body}")));
        }
        answer
            .json()
            .await
            .map_err(|error| CommandError::about(path, error))
    }

    fn address(&self, path: &str) -> Result<Url, CommandError> {
        self.base
            .join(path)
            .map_err(|error| CommandError::about(path, error))
    }
}

impl Account {
    /// `GET`.
    pub(super) async fn get(&self, path: &str) -> Result<Value, CommandError> {
        self.call(reqwest::Method::GET, path, None).await
    }

    /// A request with a body in the V1 envelope.
    pub(super) async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        request: Value,
    ) -> Result<Value, CommandError> {
        let now = Clock::system()
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let body = json!({
            "id": "pms.demo", "version": "1.0", "requesttime": now, "metadata": {}, "request": request,
        });
        self.call(method, path, Some(body)).await
    }

    /// A request with a body in the V2 envelope of an operation.
    pub(super) async fn send_v2(
        &self,
        method: reqwest::Method,
        path: &str,
        (operation, request): (&str, Value),
    ) -> Result<Value, CommandError> {
        let now = Clock::system()
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let body = json!({
            "id": operation, "version": "1.0", "requestTime": now, "metadata": {}, "request": request,
        });
        self.call(method, path, Some(body)).await
    }

    /// The answer's `response`; anything else is an error that says what came.
    async fn call(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, CommandError> {
        let deployment = &self.deployment;
        let url = deployment.address(path)?;
        let cookie = format!("Authorization={}", self.token);
        let mut request = deployment
            .http
            .request(method.clone(), url)
            .header("cookie", cookie);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await;
        let answer = answer.map_err(|error| unreachable(&deployment.base, &error))?;
        let (status, text) = (answer.status(), answer.text().await.unwrap_or_default());
        let body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        let errors = body.get("errors").and_then(Value::as_array);
        let response = body.get("response").filter(|response| !response.is_null());
        if let (true, Some(response)) = (status.is_success(), response)
            && errors.is_none_or(Vec::is_empty)
        {
            return Ok(response.clone());
        }
        Err(CommandError(format!(
            "{method} {path} answered {status}: {text}"
        )))
    }
}

/// The text at a JSON pointer.
pub(super) fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

fn unreachable(base: &Url, error: &reqwest::Error) -> CommandError {
    let hint = if error.is_connect() {
        " (is `pms up` running there?)"
    } else {
        ""
    };
    CommandError(format!("{base} can't be reached{hint}: {error}"))
}
