//! The four ways to get tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::form::Form;
use super::oauth_error::OAuthError;
use crate::identity::Identity;
use crate::identity::clients::Client;
use crate::identity::codes::CodeError;
use crate::identity::passwords::same;
use crate::identity::refresh::RefreshGrant;
use crate::identity::tokens::{TokenResponse, UserGrant, seconds_until};

/// `grant_type=authorization_code`: the code a browser brought back from the login page.
pub(super) fn by_code(
    identity: &Identity,
    client: &'static Client,
    form: &Form,
) -> Result<TokenResponse, OAuthError> {
    let provider = &identity.0;
    let now = provider.tokens.clock.now();
    let grant = provider
        .codes
        .redeem(form.required("code")?, now)
        .map_err(|refusal| {
            if let CodeError::Reused(session) = refusal {
                provider.sessions.end(session);
            }
            OAuthError::invalid_grant("Code not valid")
        })?;
    if grant.client_id != client.id {
        return Err(OAuthError::invalid_grant("Auth error"));
    }
    if form.get("redirect_uri") != Some(&grant.redirect_uri) {
        return Err(OAuthError::invalid_grant("Incorrect redirect_uri"));
    }
    check_verifier(grant.challenge.as_deref(), form.get("code_verifier"))?;
    let session = provider
        .sessions
        .find(grant.session, now)
        .ok_or_else(|| OAuthError::invalid_grant("Session not active"))?;
    let user = provider
        .users
        .by_id(session.user)
        .ok_or_else(|| OAuthError::invalid_grant("Session not active"))?;
    let tokens = UserGrant {
        user: &user,
        client,
        scope: &grant.scope,
        session: &session,
    };
    user_tokens(identity, &tokens, None, grant.nonce.as_deref())
}

/// `grant_type=password`.
pub(super) async fn by_password(
    identity: &Identity,
    client: &'static Client,
    form: &Form,
) -> Result<TokenResponse, OAuthError> {
    if !client.password_grant {
        let refusal = "Client not allowed for direct access grants";
        return Err(OAuthError::unauthorized_client(refusal));
    }
    let scope = scope_of(client, form)?;
    let provider = &identity.0;
    let password = form.text("password");
    let user = provider
        .log_in(form.required("username")?, password)
        .await?;
    let session = provider
        .sessions
        .begin(user.id, provider.tokens.clock.now());
    let grant = UserGrant {
        user: &user,
        client,
        scope: &scope,
        session: &session,
    };
    user_tokens(identity, &grant, None, None)
}

/// `grant_type=client_credentials`: a service's own token, without a refresh token.
pub(super) fn by_client(
    identity: &Identity,
    client: &'static Client,
    form: &Form,
) -> Result<TokenResponse, OAuthError> {
    if client.service_roles.is_empty() {
        let refusal = "Client not enabled to retrieve service account";
        return Err(OAuthError::unauthorized_client(refusal));
    }
    let scope = scope_of(client, form)?;
    let tokens = &identity.0.tokens;
    Ok(TokenResponse {
        access_token: tokens.service(client, &scope)?,
        expires_in: tokens.access_lifetime.num_seconds(),
        refresh_expires_in: 0,
        refresh_token: None,
        token_type: "Bearer",
        id_token: None,
        not_before_policy: 0,
        session_state: None,
        scope,
    })
}

/// `grant_type=refresh_token`.
pub(super) fn by_refresh(
    identity: &Identity,
    client: &'static Client,
    form: &Form,
) -> Result<TokenResponse, OAuthError> {
    let provider = &identity.0;
    let token = form.required("refresh_token")?;
    let grant = provider
        .refresh
        .find(token)
        .filter(|grant| grant.client_id == client.id)
        .ok_or_else(|| OAuthError::invalid_grant("Invalid refresh token"))?;
    let inactive = || OAuthError::invalid_grant("Session not active");
    let now = provider.tokens.clock.now();
    let session = provider
        .sessions
        .find(grant.session, now)
        .ok_or_else(inactive)?;
    let user = provider.users.by_id(session.user).ok_or_else(inactive)?;
    let tokens = UserGrant {
        user: &user,
        client,
        scope: &grant.scope,
        session: &session,
    };
    user_tokens(identity, &tokens, Some(token.to_owned()), None)
}

/// Access and refresh token, and the ID token when the scope asks for one.
fn user_tokens(
    identity: &Identity,
    grant: &UserGrant<'_>,
    refresh_token: Option<String>,
    nonce: Option<&str>,
) -> Result<TokenResponse, OAuthError> {
    let provider = &identity.0;
    let tokens = &provider.tokens;
    let wants_id = grant.scope.split(' ').any(|scope| scope == "openid");
    let id_token = wants_id.then(|| tokens.id(grant, nonce)).transpose()?;
    let access_token = tokens.access(grant)?;
    let refresh_token = refresh_token.unwrap_or_else(|| {
        provider.refresh.give(RefreshGrant {
            client_id: grant.client.id,
            scope: grant.scope.to_owned(),
            session: grant.session.id,
        })
    });
    Ok(TokenResponse {
        access_token,
        expires_in: tokens.access_lifetime.num_seconds(),
        refresh_expires_in: seconds_until(grant.session.ends, tokens.clock.now()),
        refresh_token: Some(refresh_token),
        token_type: "Bearer",
        id_token,
        not_before_policy: 0,
        session_state: Some(grant.session.id),
        scope: grant.scope.to_owned(),
    })
}

fn scope_of(client: &Client, form: &Form) -> Result<String, OAuthError> {
    let requested = form.text("scope");
    client
        .scope(&requested)
        .ok_or_else(|| OAuthError::invalid_scope(&requested))
}

/// PKCE, RFC 7636 §4.6.
fn check_verifier(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), OAuthError> {
    let (challenge, verifier) = match (challenge, verifier) {
        (None, None) => return Ok(()),
        (Some(challenge), Some(verifier)) => (challenge, verifier),
        (Some(_), None) => {
            return Err(OAuthError::invalid_grant(
                "PKCE code verifier not specified",
            ));
        }
        (None, Some(_)) => {
            let refusal =
                "PKCE code verifier specified but challenge not present in authentication";
            return Err(OAuthError::invalid_grant(refusal));
        }
    };
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    let well_formed = (43..=128).contains(&verifier.len());
    if !well_formed || !same(&URL_SAFE_NO_PAD.encode(digest), challenge) {
        return Err(OAuthError::invalid_grant(
            "PKCE verification failed: Code mismatch",
        ));
    }
    Ok(())
}
