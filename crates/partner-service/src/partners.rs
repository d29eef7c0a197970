//! Partners.

pub mod add_contact;
mod branding;
pub mod certificate_data;
pub mod details;
mod endings;
mod fields;
pub mod filter_values;
pub mod get;
pub mod get_certificate;
pub mod list;
pub mod list_all;
pub mod list_all_v2;
pub mod list_own;
mod listing;
pub(crate) mod mail;
mod profile_update;
pub mod register;
pub mod register_v2;
mod registration;
pub mod search;
pub mod search_types;
pub mod set_policy_group;
pub mod set_status;
pub mod update;
pub mod update_v2;
pub mod verify_email;

use pms_domain::partner::errors::{
    CERTIFICATE_NOT_FETCHED, OWN_PARTNERS_NOT_FETCHED, PARTNER_NOT_FETCHED, PARTNERS_NOT_FETCHED,
};
use pms_runtime::searches;
use pms_web::Access::{AnyToken, Role};
use pms_web::{Route, Rows, V1, v2};

use crate::RETRIEVE;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const DETAILS: &str = "mosip.pms.partner.details.get";
    const LIST: &str = "mosip.pms.admin.partners.get";
    const CERTIFICATE: &str = "mosip.pms.original.partner.certificate.get";
    const LIST_OWN: &str = "mosip.pms.partners.v3.get";
    vec![
        rows.post("/partners", AnyToken, V1.echo().dated(), register::handle).summary("Register a partner"),
        rows.post("/partners/v2", AnyToken, V1.echo(), register_v2::handle).summary("Register a partner with logo and additional information"),
        rows.put("/partners/email/verify", AnyToken, V1, verify_email::handle).summary("Tell whether a partner has an e-mail address"),
        rows.get("/partners", Role("getpartners"), V1.named(RETRIEVE, "1.0"), list_all::handle).summary("List all partners"),
        rows.get("/partners/v2", Role("getpartnersnew"), V1.named(RETRIEVE, "1.0"), list_all_v2::handle).summary("List all partners with logo and additional information"),
        rows.get("/admin-partners", Role("getadminpartners"), v2(LIST, PARTNERS_NOT_FETCHED), list::handle).summary("List partners in pages"),
        rows.get("/admin-partners/{partnerId}", Role("getpartnerdetails"), v2(DETAILS, PARTNER_NOT_FETCHED), details::handle).summary("Read a partner in full"),
        rows.get("/partners/v3", Role("getpartnersv3"), v2(LIST_OWN, OWN_PARTNERS_NOT_FETCHED), list_own::handle).summary("List the partners of the caller"),
        rows.post("/partners/search", Role("postpartnerssearch"), V1, searches::search::<search::SearchPartners>).summary("Search partners"),
        rows.post("/partners/filtervalues", Role("postpartnersfiltervalues"), V1, searches::filter_values::<filter_values::FilterPartners>).summary("Values of columns of partners"),
        rows.post("/partners/partnertype/search", Role("postpartnerspartnertypesearch"), V1, searches::search::<search_types::SearchTypes>).summary("Search partner types"),
        rows.get("/partners/{partnerId}", Role("getpartnerspartnerid"), V1.named(RETRIEVE, "1.0"), get::handle).summary("Read a partner"),
        rows.put("/partners/{partnerId}", Role("putpartners"), V1.echo(), update::handle).summary("Change the profile of a partner"),
        rows.put("/partners/v2/{partnerId}", Role("putpartnersnew"), V1.echo(), update_v2::handle).summary("Change the profile of a partner with logo and additional information"),
        rows.post("/partners/{partnerId}/contact/add", Role("postpartnerscontactadd"), V1.echo(), add_contact::handle).summary("Add a contact of a partner"),
        rows.put("/partners/{partnerId}/policygroup/{policygroupName}", Role("putpartnerspolicygroup"), V1, set_policy_group::handle).summary("Move a partner to a policy group"),
        rows.patch("/partners/{partnerId}", Role("patchpartners"), V1.echo(), set_status::handle).summary("Activate or deactivate a partner"),
        rows.get("/partners/{partnerId}/certificate", Role("getpartnerscertificate"), V1, get_certificate::handle).summary("Read the certificate of a partner"),
        rows.get("/partners/{partnerId}/certificate-data", Role("getpartnerscertificate"), v2(CERTIFICATE, CERTIFICATE_NOT_FETCHED), certificate_data::handle).summary("Read both certificates of a partner"),
    ]
}
