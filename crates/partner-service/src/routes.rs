//! The route table of the partner service.

use pms_web::service::PARTNER;
use pms_web::{Access, Route, Rows, V1};

use crate::{api_keys, bio_extractors, credential_types, mappings, partners, roles};

/// Every endpoint of the service.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    use Access::{AnyToken, Role};
    const RETRIEVE: &str = "mosip.partnermanagement.partners.retrieve";
    let rows = Rows::of(&PARTNER);
    vec![
        rows.post("/partners", AnyToken, V1.echo().dated(), partners::register::register).summary("Register a partner"),
        rows.post("/partners/v2", AnyToken, V1.echo(), partners::register_v2::register_v2).summary("Register a partner with logo and additional information"),
        rows.put("/partners/email/verify", AnyToken, V1, partners::verify_email::verify_email).summary("Tell whether a partner has an e-mail address"),
        rows.get("/partners/{partnerId}", Role("getpartnerspartnerid"), V1.named(RETRIEVE, "1.0"), partners::get::get).summary("Read a partner"),
        rows.put("/partners/{partnerId}", Role("putpartners"), V1.echo(), partners::update::update).summary("Change the profile of a partner"),
        rows.put("/partners/v2/{partnerId}", Role("putpartnersnew"), V1.echo(), partners::update_v2::update_v2).summary("Change the profile of a partner with logo and additional information"),
        rows.post("/partners/{partnerId}/contact/add", Role("postpartnerscontactadd"), V1.echo(), partners::add_contact::add_contact).summary("Add a contact of a partner"),
        rows.put("/partners/{partnerId}/policygroup/{policygroupName}", Role("putpartnerspolicygroup"), V1, partners::set_policy_group::set_policy_group).summary("Move a partner to a policy group"),
        rows.patch("/partners/{partnerId}", Role("patchpartners"), V1.echo(), partners::set_status::set_status).summary("Activate or deactivate a partner"),
        rows.get("/partners/{partnerId}/certificate", Role("getpartnerscertificate"), V1, partners::get_certificate::get_certificate).summary("Read the certificate of a partner"),
        rows.post("/partners/{partnerId}/policy/map", Role("postpartnerspolicymap"), V1.echo(), mappings::request::request).operation("policy-map").summary("Ask for a policy"),
        rows.put("/partners/policy/{mappingkey}", Role("putpartnerspolicymapping"), V1.echo().dated(), mappings::decide::decide).summary("Approve or reject a mapping request"),
        rows.patch("/partners/{partnerId}/generate/apikey", Role("patchpartnersgenerateapikey"), V1.echo().dated(), api_keys::generate::generate).summary("Generate an API key"),
        rows.get("/partners/{partnerId}/apikey/request", Role("getpartnersapikeyrequest"), V1.named(RETRIEVE, "1.0"), mappings::list_of_partner::list_of_partner).summary("List the mapping requests of a partner"),
        rows.post("/partners/{partnerId}/bioextractors/{policyId}", Role("postpartnersbioextractors"), V1.echo(), bio_extractors::add::add).summary("Say how a partner gets biometrics"),
        rows.get("/partners/{partnerId}/bioextractors/{policyId}", Role("getpartnersbioextractors"), V1, bio_extractors::list::list).summary("Read how a partner gets biometrics"),
        rows.post("/partners/{partnerId}/credentialtype/{credentialType}/policies/{policyName}", Role("postpartnerscredentialtypepolicies"), V1, credential_types::map::map).summary("Map a credential type of a partner to a policy"),
        rows.get("/partners/{partnerId}/credentialtype/{credentialType}/policies", Role("getpartnerscredentialtypepolicies"), V1, credential_types::get_policy::get_policy).summary("Read the policy of a credential type of a partner"),
        rows.get("/roles", AnyToken, V1, roles::list).summary("List the roles that the portal offers"),
    ]
}
