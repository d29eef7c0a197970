//! The provider's endpoints and pages. See [`super`] for the list.

mod authorize;
mod browser;
mod client_auth;
mod code_flow;
mod dev_users;
mod discovery;
mod form;
mod grants;
mod html;
mod logout;
mod oauth_error;
mod registrations;
mod token;
mod userinfo;

use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, post, resource};

use super::Identity;
use super::addresses::REALM;

pub(super) const CONFIGURATION: &str = "/.well-known/openid-configuration";
pub(super) const CERTS: &str = "/protocol/openid-connect/certs";
pub(super) const TOKEN: &str = "/protocol/openid-connect/token";
pub(super) const AUTHORIZE: &str = "/protocol/openid-connect/auth";
pub(super) const REGISTRATIONS: &str = "/protocol/openid-connect/registrations";
pub(super) const USERINFO: &str = "/protocol/openid-connect/userinfo";
pub(super) const LOGOUT: &str = "/protocol/openid-connect/logout";
pub(super) const DEV_USERS: &str = "/dev/users";

/// Largest request body, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// Registers every endpoint.
pub(super) fn configure(app: &mut ServiceConfig, identity: Identity) {
    let at = |path| resource(format!("{REALM}{path}")).app_data(PayloadConfig::new(MAX_BODY));
    app.app_data(Data::new(identity))
        .service(at(CONFIGURATION).route(get().to(discovery::configuration)))
        .service(at(CERTS).route(get().to(discovery::certs)))
        .service(at(TOKEN).route(post().to(token::token)))
        .service(
            at(AUTHORIZE)
                .route(get().to(authorize::show_login))
                .route(post().to(authorize::submit_login)),
        )
        .service(
            at(REGISTRATIONS)
                .route(get().to(registrations::show_registration))
                .route(post().to(registrations::submit_registration)),
        )
        .service(
            at(USERINFO)
                .route(get().to(userinfo::userinfo))
                .route(post().to(userinfo::userinfo)),
        )
        .service(
            at(LOGOUT)
                .route(get().to(logout::log_out_browser))
                .route(post().to(logout::log_out_client)),
        )
        .service(at(DEV_USERS).route(post().to(dev_users::create_user)));
}
