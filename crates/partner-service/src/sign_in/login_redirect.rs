//! `GET /login-redirect/{redirectURI}`
//!
//! Takes the browser back from the identity provider (contract auth.md §5.2).

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use percent_encoding::utf8_percent_encode;
use pms_domain::BusinessError;
use pms_domain::path::RESERVED;
use pms_domain::sign_in::errors::{INVALID_TOKEN, PROVIDER_REFUSED};
use pms_web::auth::Token;
use pms_web::route::Whole;
use pms_web::{Anyone, ApiResult, Edge};
use secrecy::ExposeSecret as _;

use super::answers::{redirect, refusal};
use super::cookies;
use super::login::Parameters;
use super::page::RefusedAction;
use super::provider::Redemption;
use super::return_address::ReturnAddress;
use super::{SignIn, flow};
use crate::Context;

/// Turns the provider's code into the token's cookie, and sends the browser to
/// where it came from.
pub async fn handle(
    _: Anyone,
    request: HttpRequest,
    context: web::Data<Context>,
) -> ApiResult<Whole> {
    let sign_in = &context.sign_in;
    let address = ReturnAddress::of_path(&request);
    let query = Parameters::of(&request);
    let outcome = match query.get("error") {
        Some(error) => sign_in.tell(&address, error),
        None => sign_in.finish(&request, &address, &query).await,
    };
    Ok(Whole(outcome.unwrap_or_else(|(status, rejection)| {
        let way_back = sign_in.way_back(&address);
        let refused = (status, &rejection);
        refusal(&request, RefusedAction::Login, refused, way_back.as_deref())
    })))
}

type Refused = (StatusCode, BusinessError);

fn refused(rejection: BusinessError) -> Refused {
    (StatusCode::OK, rejection)
}

impl SignIn {
    /// The provider logged no user in: the portal gets the reason.
    fn tell(&self, address: &ReturnAddress, error: &str) -> Result<HttpResponse, Refused> {
        let target = self.allowed_address(address).map_err(refused)?;
        let error = utf8_percent_encode(error, RESERVED);
        // The portal's own queries stand behind the fragment's sign.
        let place = target.split_once('#').map_or(target, |(_, behind)| behind);
        let sign = if place.contains('?') { '&' } else { '?' };
        Ok(redirect(&format!("{target}{sign}error={error}"), []))
    }

    async fn finish(
        &self,
        request: &HttpRequest,
        address: &ReturnAddress,
        query: &Parameters,
    ) -> Result<HttpResponse, Refused> {
        let headers = request.headers();
        let state = flow::returned_state(query.get("state"), headers).map_err(refused)?;
        let target = self.allowed_address(address).map_err(refused)?;
        let code = query.get("code");
        let code = code
            .ok_or_else(|| PROVIDER_REFUSED.with(&["Missing parameter: code"]))
            .map_err(refused)?;
        let redemption = Redemption {
            code,
            redirect_uri: &self.way_back_from_provider(address),
            verifier: &flow::verifier(&self.verifier_key, state, cookies::attempt(headers)),
        };
        let token = self.provider.redeem(&redemption).await.map_err(refused)?;
        let edge = Edge::of(request);
        let now = edge.now();
        let token: Option<Arc<Token>> = edge.verifier().verify(token.expose_secret(), now).await;
        let token = token.ok_or_else(|| (StatusCode::UNAUTHORIZED, INVALID_TOKEN.into()))?;
        // The attempt is over: its state can't be used again.
        let [attempt, state] = self.cookies.no_attempt();
        let token = self.cookies.token(&token, now.timestamp());
        Ok(redirect(target, [token, attempt, state]))
    }
}
