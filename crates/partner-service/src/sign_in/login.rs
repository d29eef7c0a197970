//! `GET /login/{redirectURI}` and `GET /login/v2/{redirectURI}`
//!
//! Sends the browser to the identity provider (contract auth.md §5.1).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pms_database::ids;
use pms_domain::BusinessError;
use pms_domain::sign_in::errors::FOREIGN_URL;
use pms_web::route::Whole;
use pms_web::{Anyone, ApiError, ApiResult};
use url::Url;

use super::answers::{redirect, refusal};
use super::page::RefusedAction;
use super::return_address::ReturnAddress;
use super::{SignIn, flow};
use crate::Context;

/// Letters and digits of the browser's part of the code verifier: more than
/// 256 bits.
const ATTEMPT_LENGTH: usize = 43;

/// Sends the browser to the provider.
pub async fn login(
    _: Anyone,
    request: HttpRequest,
    context: web::Data<Context>,
) -> ApiResult<Whole> {
    context.sign_in.begin(&request, &[]).map(Whole)
}

/// [`login`], with languages for the provider's pages.
pub async fn login_v2(
    _: Anyone,
    request: HttpRequest,
    context: web::Data<Context>,
) -> ApiResult<Whole> {
    context.sign_in.begin(&request, &["ui_locales"]).map(Whole)
}

impl SignIn {
    /// `passed` are parameters that the provider gets as they are.
    fn begin(&self, request: &HttpRequest, passed: &[&str]) -> ApiResult<HttpResponse> {
        let address = ReturnAddress::of_path(request);
        let query = Parameters::of(request);
        let state = match self.check(request, &address, &query) {
            Ok(state) => state,
            Err(rejection) => {
                let way_back = self.way_back(&address);
                let refused = (StatusCode::OK, &rejection);
                let way_back = way_back.as_deref();
                return Ok(refusal(request, RefusedAction::Login, refused, way_back));
            }
        };
        let attempt = ids::alphanumeric(ATTEMPT_LENGTH)?;
        let mut target = self.login_page(&address, &state, &attempt)?;
        for name in passed {
            if let Some(value) = query.get(name) {
                target.query_pairs_mut().append_pair(name, value);
            }
        }
        if !self.claims.is_empty() {
            let mut pairs = target.query_pairs_mut();
            pairs.append_pair("claims", &self.claims);
        }
        let cookies = [self.cookies.state(&state), self.cookies.attempt(&attempt)];
        Ok(redirect(target.as_str(), cookies))
    }

    fn check(
        &self,
        request: &HttpRequest,
        address: &ReturnAddress,
        query: &Parameters,
    ) -> Result<String, BusinessError> {
        let state = flow::new_state(query.get("state"), request.headers())?;
        // Sooner than the contract asks for: no user logs in for nothing.
        self.allowed_address(address)?;
        Ok(state)
    }

    fn login_page(&self, address: &ReturnAddress, state: &str, attempt: &str) -> ApiResult<Url> {
        if self.redirect_uri.is_empty() {
            return Err(ApiError::unexpected("auth.redirect_uri is not set"));
        }
        let mut target = Url::parse(&self.authorization_endpoint).map_err(|error| {
            ApiError::Unexpected(format!("auth.authorization_endpoint: {error}"))
        })?;
        let verifier = flow::verifier(&self.verifier_key, state, attempt);
        target
            .query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", &self.way_back_from_provider(address))
            .append_pair("state", state)
            .append_pair("response_type", "code")
            .append_pair("scope", &self.scope)
            .append_pair("code_challenge", &flow::challenge(&verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(target)
    }

    /// Where the provider sends the browser back to: the same text at the login
    /// and when the code is redeemed.
    pub(super) fn way_back_from_provider(&self, address: &ReturnAddress) -> String {
        format!("{}{}", self.redirect_uri, address.encoded())
    }

    /// The address, if browsers may be sent there.
    pub(super) fn allowed_address<'a>(
        &self,
        address: &'a ReturnAddress,
    ) -> Result<&'a str, BusinessError> {
        let target = address.decoded();
        let target = target.filter(|target| self.allowed.allows(target));
        target.ok_or_else(|| FOREIGN_URL.into())
    }

    /// A link out of a refusal: where the browser came from, if it is allowed.
    pub(super) fn way_back(&self, address: &ReturnAddress) -> Option<String> {
        let target = self.allowed_address(address).ok().map(str::to_owned);
        target.or_else(|| self.allowed.home())
    }
}

/// The query of a request; of equal names the first counts.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn of(request: &HttpRequest) -> Self {
        let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// A parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(found, _)| found == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}
