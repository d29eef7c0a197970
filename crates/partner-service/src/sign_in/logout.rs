//! GET /v1/partnermanager/logout/user (contract auth.md §5.4): ends the login.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use pms_domain::BusinessError;
use pms_domain::sign_in::errors::NOT_AUTHENTICATED;
use pms_web::route::Whole;
use pms_web::{ApiError, ApiResult, Visitor};
use url::Url;

use super::answers::{redirect, refusal};
use super::login::Parameters;
use super::page::RefusedAction;
use super::return_address::ReturnAddress;
use super::{SignIn, cookies};
use crate::Context;

/// Makes the browser forget the token and ends the login at the provider.
pub async fn handle(
    visitor: Visitor,
    request: HttpRequest,
    context: web::Data<Context>,
) -> ApiResult<Whole> {
    let sign_in = &context.sign_in;
    let query = Parameters::of(&request);
    let address = ReturnAddress::new(query.get("redirecturi").unwrap_or_default());
    let (status, rejection) = match visitor.caller() {
        None => (StatusCode::UNAUTHORIZED, NOT_AUTHENTICATED.into()),
        Some(_) => match sign_in.leave(&request, &address) {
            Ok(target) => return sign_in.goodbye(target).map(Whole),
            Err(rejection) => (StatusCode::OK, rejection),
        },
    };
    let way_back = sign_in.way_back(&address);
    let refused = (status, &rejection);
    let answer = refusal(
        &request,
        RefusedAction::Logout,
        refused,
        way_back.as_deref(),
    );
    Ok(Whole(answer))
}

impl SignIn {
    fn leave<'a>(
        &self,
        request: &HttpRequest,
        address: &'a ReturnAddress,
    ) -> Result<&'a str, BusinessError> {
        let target = self.allowed_address(address)?;
        if cookies::has_token(request.headers()) {
            Ok(target)
        } else {
            Err(NOT_AUTHENTICATED.into())
        }
    }

    fn goodbye(&self, target: &str) -> ApiResult<HttpResponse> {
        let forgotten = [self.cookies.no_token()];
        if self.offline_logout {
            return Ok(redirect(target, forgotten));
        }
        let mut page = Url::parse(&self.end_session_endpoint)
            .map_err(|error| ApiError::Unexpected(format!("auth.end_session_endpoint: {error}")))?;
        // Newer providers ask who wants this when there is no client.
        page.query_pairs_mut()
            .append_pair("post_logout_redirect_uri", target)
            .append_pair("client_id", &self.client_id);
        Ok(redirect(page.as_str(), forgotten))
    }
}
