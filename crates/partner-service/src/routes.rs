//! The route table of the partner service.

use pms_web::service::PARTNER;
use pms_web::{Access, Route, Rows, V1};

use crate::{api_keys, mappings, partners};

/// Every endpoint of the service.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    use Access::{AnyToken, Role};
    const RETRIEVE: &str = "mosip.partnermanagement.partners.retrieve";
    let rows = Rows::of(&PARTNER);
    vec![
        rows.post("/partners", AnyToken, V1.echo().dated(), partners::register::register).summary("Register a partner"),
        rows.put("/partners/email/verify", AnyToken, V1, partners::verify_email::verify_email).summary("Tell whether a partner has an e-mail address"),
        rows.get("/partners/{partnerId}", Role("getpartnerspartnerid"), V1.named(RETRIEVE, "1.0"), partners::get::get).summary("Read a partner"),
        rows.patch("/partners/{partnerId}", Role("patchpartners"), V1.echo(), partners::set_status::set_status).summary("Activate or deactivate a partner"),
        rows.get("/partners/{partnerId}/certificate", Role("getpartnerscertificate"), V1, partners::get_certificate::get_certificate).summary("Read the certificate of a partner"),
        rows.post("/partners/{partnerId}/policy/map", Role("postpartnerspolicymap"), V1.echo(), mappings::request::request).operation("policy-map").summary("Ask for a policy"),
        rows.put("/partners/policy/{mappingkey}", Role("putpartnerspolicymapping"), V1.echo().dated(), mappings::decide::decide).summary("Approve or reject a mapping request"),
        rows.patch("/partners/{partnerId}/generate/apikey", Role("patchpartnersgenerateapikey"), V1.echo().dated(), api_keys::generate::generate).summary("Generate an API key"),
    ]
}
