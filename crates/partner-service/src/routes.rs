//! The route table of the partner service.

use pms_database::devices::Device;
use pms_database::ftm_chips::FtmChip;
use pms_database::interfaces::Interface;
use pms_database::search::searches::{DeviceMappings, Devices, FtmChips, Interfaces};
use pms_domain::device::errors::{
    CHIPS_NOT_FETCHED, DEVICE_NOT_ADDED, DEVICE_NOT_DEACTIVATED, DEVICE_NOT_DECIDED,
    DEVICES_NOT_FETCHED, DEVICES_OF_SBI_NOT_FETCHED, INTERFACES_NOT_FETCHED, SBI_NOT_DEACTIVATED,
};
use pms_domain::device_registry::NOT_FETCHED as REGISTRY_NOT_FETCHED;
use pms_domain::ftm_chip::errors::{CERTIFICATE_NOT_DOWNLOADED, CHIP_NOT_DEACTIVATED};
use pms_domain::notification::errors::{EXPIRIES_NOT_FETCHED, NOT_DISMISSED, NOT_FETCHED};
use pms_domain::oidc_clients::errors::CLIENTS_NOT_FETCHED;
use pms_domain::partner::errors::{
    CERTIFICATE_NOT_FETCHED, KEYS_NOT_FETCHED, MAPPINGS_NOT_FETCHED, OWN_PARTNERS_NOT_FETCHED,
    PARTNER_NOT_FETCHED, PARTNERS_NOT_FETCHED,
};
use pms_domain::user::errors::{
    CONFIG_NOT_FETCHED, CONSENT_NOT_FETCHED, CONSENT_NOT_SAVED, SEEN_NOT_FETCHED, SEEN_NOT_SAVED,
};
use pms_runtime::searches::{filter_values, search};
use pms_web::service::PARTNER;
use pms_web::{Access, Dialect, Route, Rows, V1, v2, v2_checked};

use crate::approvals::deactivate::handle as deactivate;
use crate::approvals::decide::handle as decide;
use crate::devices::filter_values::{DeviceValues, InterfaceValues};
use crate::devices::search::FoundDevice;
use crate::ftm_chips::search::FoundChip;
use crate::interfaces::search::FoundInterface;
use crate::interfaces::search_mappings::FoundDeviceMapping;
use crate::scope::{OwnRows, OwnValues};
use crate::{
    api_keys, bio_extractors, credential_types, device_registry, devices, expiries, ftm_chips,
    interfaces, mappings, notifications, oidc_clients, partners, roles, sign_in, system_config,
    users,
};

/// Every endpoint of the service.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    use Access::{AnyToken, Role};
    const RETRIEVE: &str = "mosip.partnermanagement.partners.retrieve";
    const DETAILS: &str = "mosip.pms.partner.details.get";
    const LIST: &str = "mosip.pms.admin.partners.get";
    const LIST_MAPPINGS: &str = "mosip.pms.all.partner.policy.mapping.requests.get";
    const LIST_KEYS: &str = "mosip.pms.all.api.key.requests.get";
    const CERTIFICATE: &str = "mosip.pms.original.partner.certificate.get";
    const LIST_OWN: &str = "mosip.pms.partners.v3.get";
    let rows = Rows::of(&PARTNER);
    let mut all = vec![
        rows.post("/partners", AnyToken, V1.echo().dated(), partners::register::handle).summary("Register a partner"),
        rows.post("/partners/v2", AnyToken, V1.echo(), partners::register_v2::handle).summary("Register a partner with logo and additional information"),
        rows.put("/partners/email/verify", AnyToken, V1, partners::verify_email::handle).summary("Tell whether a partner has an e-mail address"),
        rows.get("/partners", Role("getpartners"), V1.named(RETRIEVE, "1.0"), partners::list_all::handle).summary("List all partners"),
        rows.get("/partners/v2", Role("getpartnersnew"), V1.named(RETRIEVE, "1.0"), partners::list_all_v2::handle).summary("List all partners with logo and additional information"),
        rows.get("/admin-partners", Role("getadminpartners"), v2(LIST, PARTNERS_NOT_FETCHED), partners::list::handle).summary("List partners in pages"),
        rows.get("/admin-partners/{partnerId}", Role("getpartnerdetails"), v2(DETAILS, PARTNER_NOT_FETCHED), partners::details::handle).summary("Read a partner in full"),
        rows.get("/partners/v3", Role("getpartnersv3"), v2(LIST_OWN, OWN_PARTNERS_NOT_FETCHED), partners::list_own::handle).summary("List the partners of the caller"),
        rows.post("/partners/search", Role("postpartnerssearch"), V1, search::<partners::search::SearchPartners>).summary("Search partners"),
        rows.post("/partners/filtervalues", AnyToken, V1, filter_values::<partners::filter_values::FilterPartners>).summary("Values of columns of partners"),
        rows.post("/partners/partnertype/search", Role("postpartnerspartnertypesearch"), V1, search::<partners::search_types::SearchTypes>).summary("Search partner types"),
        rows.get("/partners/{partnerId}", Role("getpartnerspartnerid"), V1.named(RETRIEVE, "1.0"), partners::get::handle).summary("Read a partner"),
        rows.put("/partners/{partnerId}", Role("putpartners"), V1.echo(), partners::update::handle).summary("Change the profile of a partner"),
        rows.put("/partners/v2/{partnerId}", Role("putpartnersnew"), V1.echo(), partners::update_v2::handle).summary("Change the profile of a partner with logo and additional information"),
        rows.post("/partners/{partnerId}/contact/add", Role("postpartnerscontactadd"), V1.echo(), partners::add_contact::handle).summary("Add a contact of a partner"),
        rows.put("/partners/{partnerId}/policygroup/{policygroupName}", Role("putpartnerspolicygroup"), V1, partners::set_policy_group::handle).summary("Move a partner to a policy group"),
        rows.patch("/partners/{partnerId}", Role("patchpartners"), V1.echo(), partners::set_status::handle).summary("Activate or deactivate a partner"),
        rows.get("/partners/{partnerId}/certificate", Role("getpartnerscertificate"), V1, partners::get_certificate::handle).summary("Read the certificate of a partner"),
        rows.get("/partners/{partnerId}/certificate-data", Role("getpartnerscertificate"), v2(CERTIFICATE, CERTIFICATE_NOT_FETCHED), partners::certificate_data::handle).summary("Read both certificates of a partner"),
        rows.post("/partners/{partnerId}/policy/map", Role("postpartnerspolicymap"), V1.echo(), mappings::request::handle).operation("policy-map").summary("Ask for a policy"),
        rows.put("/partners/policy/{mappingkey}", Role("putpartnerspolicymapping"), V1.echo().dated(), mappings::decide::handle).summary("Approve or reject a mapping request"),
        rows.patch("/partners/{partnerId}/generate/apikey", Role("patchpartnersgenerateapikey"), V1.echo().dated(), api_keys::generate::handle).summary("Generate an API key"),
        rows.put("/partners/{partnerId}/apikey/{apikey}/policies", Role("putpartnersapikeypolicies"), V1.echo(), api_keys::set_policy::handle).summary("Point an API key to another policy"),
        rows.patch("/partners/{partnerId}/policy/{policyId}/apiKey/status", Role("patchpartnerspolicyapikeystatus"), V1.echo(), api_keys::set_status::handle).summary("Activate or deactivate an API key"),
        rows.get("/partners/{partnerId}/apikey/{apikey}", Role("getpartnersapikey"), V1.named(RETRIEVE, "1.0"), api_keys::get::handle).summary("Read the policy of an API key"),
        rows.get("/partner-api-keys", Role("getpartnersapikeyrequests"), v2(LIST_KEYS, KEYS_NOT_FETCHED), api_keys::list::handle).summary("List API keys"),
        rows.get("/partners/apikey", Role("getpartnersapikey"), V1.named(RETRIEVE, "1.0"), mappings::list_all::handle).summary("List all mapping requests"),
        rows.get("/partners/apikey/{apikey}", Role("getpartnersapikey"), V1.named(RETRIEVE, "1.0"), mappings::get::handle).summary("Read a mapping request"),
        rows.get("/partner-policy-requests", Role("getallpartnerpolicymappingrequests"), v2(LIST_MAPPINGS, MAPPINGS_NOT_FETCHED), mappings::list::handle).summary("List mapping requests in pages"),
        rows.get("/partners/{partnerId}/apikey/request", Role("getpartnersapikeyrequest"), V1.named(RETRIEVE, "1.0"), mappings::list_of_partner::handle).summary("List the mapping requests of a partner"),
        rows.post("/partners/apikey/request/search", Role("postpartnersapikeyrequestsearch"), V1, search::<mappings::search::SearchMappings>).summary("Search mapping requests"),
        rows.post("/partners/apikey/request/filtervalues", Role("postpartnersapikeyrequestfiltervalues"), V1, filter_values::<mappings::filter_values::FilterMappings>).summary("Values of columns of mapping requests"),
        rows.post("/partners/apikey/search", Role("postpartnersapikeysearch"), V1, search::<api_keys::search::SearchApiKeys>).summary("Search API keys"),
        rows.post("/partners/{partnerId}/bioextractors/{policyId}", Role("postpartnersbioextractors"), V1.echo(), bio_extractors::add::handle).summary("Say how a partner gets biometrics"),
        rows.get("/partners/{partnerId}/bioextractors/{policyId}", Role("getpartnersbioextractors"), V1, bio_extractors::list::handle).summary("Read how a partner gets biometrics"),
        rows.post("/partners/{partnerId}/credentialtype/{credentialType}/policies/{policyName}", Role("postpartnerscredentialtypepolicies"), V1, credential_types::map::handle).summary("Map a credential type of a partner to a policy"),
        rows.get("/partners/{partnerId}/credentialtype/{credentialType}/policies", Role("getpartnerscredentialtypepolicies"), V1, credential_types::get_policy::handle).summary("Read the policy of a credential type of a partner"),
        rows.get("/roles", AnyToken, V1, roles::handle).summary("List the roles that the portal offers"),
        rows.open_get("/login/v2/{redirectURI:.*}", Dialect::Raw, sign_in::login::login_v2).summary("Send the browser to the login page, in a language"),
        rows.open_get("/login/{redirectURI:.*}", Dialect::Raw, sign_in::login::login).summary("Send the browser to the login page"),
        rows.open_get("/login-redirect/{redirectURI:.*}", Dialect::Raw, sign_in::login_redirect::handle).summary("Take the browser back from the login page"),
        rows.get_page("/authorize/admin/validateToken", sign_in::validate_token::handle).summary("Tell who is logged in"),
        rows.get_page("/logout/user", sign_in::logout::handle).summary("End the login"),
    ];
    all.extend(device_rows(&rows));
    all.extend(interface_rows(&rows));
    all.extend(chip_rows(&rows));
    all.extend(client_rows(&rows));
    all.extend(portal_rows(&rows));
    all
}

/// Devices.
#[rustfmt::skip]
fn device_rows(rows: &Rows) -> Vec<Route> {
    use Access::Role;
    const LIST: &str = "mosip.pms.get.all.device.details.get";
    const DECIDE: &str = "mosip.pms.approval.mapping.device.to.sbi.post";
    const DEACTIVATE: &str = "mosip.pms.deactivate.device.patch";
    vec![
        rows.post("/devicedetail", Role("postdevicedetail"), V1, devices::create::handle).summary("Register a device"),
        rows.put("/devicedetail", Role("putdevicedetail"), V1, devices::update::handle).summary("Change a device"),
        rows.patch("/devicedetail", Role("patchdevicedetail"), V1, decide::<Device>).summary("Approve or reject a device"),
        rows.get("/devicedetail", Role("getalldevicedetails"), v2(LIST, DEVICES_NOT_FETCHED), devices::list::handle).summary("List devices in pages"),
        rows.post("/devicedetail/search", Role("postdevicedetailsearch"), V1, search::<OwnRows<Devices, FoundDevice>>).summary("Search devices"),
        rows.post("/devicedetail/filtervalues", Role("postdevicedetailfiltervalues"), V1, filter_values::<OwnValues<Devices, DeviceValues>>).summary("Makes and models of devices"),
        rows.post("/devicedetail/deviceType/search", Role("postdevicedetaildevicetypesearch"), V1, search::<devices::search_types::SearchSubTypes>).summary("Search sub-types of devices"),
        rows.post("/devicedetail/deviceType/filtervalues", Role("postdevicedetaildevicetypefiltervalues"), V1, filter_values::<devices::type_values::FilterTypes>).summary("Values of columns of device types"),
        rows.post("/devicedetail/deviceSubType/filtervalues", Role("postdevicedetaildevicesubtypefiltervalues"), V1, filter_values::<devices::type_values::FilterSubTypes>).summary("Values of columns of sub-types of devices"),
        rows.patch("/devicedetail/{deviceId}", Role("patchdeactivatedevice"), v2_checked(DEACTIVATE, DEVICE_NOT_DEACTIVATED), deactivate::<Device>).summary("Deactivate a device"),
        rows.post("/devicedetail/{id}/approval", Role("postdevicewithsbimapping"), v2_checked(DECIDE, DEVICE_NOT_DECIDED), devices::decide_for_sbi::handle).summary("Approve or reject a device for its SBI"),
    ]
}

/// SBIs.
#[rustfmt::skip]
fn interface_rows(rows: &Rows) -> Vec<Route> {
    use Access::Role;
    const LIST: &str = "mosip.pms.all.sbi.details.get";
    const LIST_DEVICES: &str = "mosip.pms.sbi.devices.get";
    const ADD_DEVICE: &str = "mosip.pms.add.device.to.sbi.id.post";
    const DEACTIVATE: &str = "mosip.pms.deactivate.sbi.patch";
    vec![
        rows.post("/securebiometricinterface", Role("postsecurebiometricinterface"), V1, interfaces::create::handle).summary("Register an SBI"),
        rows.put("/securebiometricinterface", Role("putsecurebiometricinterface"), V1, interfaces::update::handle).summary("Change an SBI"),
        rows.patch("/securebiometricinterface", Role("patchsecurebiometricinterface"), V1, decide::<Interface>).summary("Approve or reject an SBI"),
        rows.get("/securebiometricinterface", Role("getallsbidetails"), v2(LIST, INTERFACES_NOT_FETCHED), interfaces::list::handle).summary("List SBIs"),
        rows.post("/securebiometricinterface/search", Role("postsecurebiometricinterfacesearch"), V1, search::<OwnRows<Interfaces, FoundInterface>>).summary("Search SBIs"),
        rows.post("/securebiometricinterface/filtervalues", Role("postsecurebiometricinterfacefiltervalues"), V1, filter_values::<OwnValues<Interfaces, InterfaceValues>>).summary("Values of columns of SBIs"),
        rows.put("/securebiometricinterface/devicedetails/map", Role("putsecurebiometricinterfacedevicedetailsmap"), V1, interfaces::map_device::handle).summary("Map a device to an SBI"),
        rows.put("/securebiometricinterface/devicedetails/map/remove", Role("putsecurebiometricinterfacedevicedetailsmapremove"), V1, interfaces::unmap_device::handle).summary("Remove a device from an SBI"),
        rows.post("/securebiometricinterface/devicedetails/map/search", Role("postsecurebiometricinterfacedevicedetailsmapsearch"), V1, search::<OwnRows<DeviceMappings, FoundDeviceMapping>>).summary("Search devices of SBIs"),
        rows.get("/securebiometricinterface/{sbiId}/devices", Role("getsbidetails"), v2(LIST_DEVICES, DEVICES_OF_SBI_NOT_FETCHED), interfaces::list_devices::handle).summary("List the devices of an SBI"),
        rows.post("/securebiometricinterface/{sbiId}/devices", Role("postadddevicetosbi"), v2_checked(ADD_DEVICE, DEVICE_NOT_ADDED), interfaces::add_device::handle).summary("Register a device for an SBI"),
        rows.patch("/securebiometricinterface/{sbiId}", Role("patchdeactivatesbi"), v2_checked(DEACTIVATE, SBI_NOT_DEACTIVATED), deactivate::<Interface>).summary("Deactivate an SBI and its devices"),
    ]
}

/// FTM chips, and the registry of what may be used.
#[rustfmt::skip]
fn chip_rows(rows: &Rows) -> Vec<Route> {
    use Access::Role;
    const LIST: &str = "mosip.pms.partners.ftm.chip.details.get";
    const LIST_OWN: &str = "mosip.pms.ftm.chip.details.get";
    const DEACTIVATE: &str = "mosip.pms.deactivate.ftm.patch";
    const CERTIFICATE: &str = "mosip.pms.original.ftm.certificate.get";
    const REGISTRY: &str = "mosip.pms.device.registry.get";
    vec![
        rows.post("/ftpchipdetail", Role("postftpchipdetail"), V1, ftm_chips::create::handle).summary("Register an FTM chip"),
        rows.put("/ftpchipdetail", Role("putftpchipdetail"), V1, ftm_chips::update::handle).summary("Change make and model of an FTM chip"),
        rows.patch("/ftpchipdetail", Role("patchftpchipdetail"), V1, decide::<FtmChip>).summary("Approve or reject an FTM chip"),
        rows.post("/ftpchipdetail/uploadcertificate", Role("postftpchipdetailuploadcertificate"), V1, ftm_chips::upload_certificate::handle).summary("Upload the certificate of an FTM chip"),
        rows.get("/ftpchipdetail/getPartnerCertificate/{ftpChipDetailId}", Role("getftpchipdetailgetpartnercertificate"), V1, ftm_chips::get_certificate::handle).summary("Read the certificate of an FTM chip"),
        rows.post("/ftpchipdetail/search", Role("postftpchipdetailsearch"), V1, search::<OwnRows<FtmChips, FoundChip>>).summary("Search FTM chips"),
        rows.get("/ftpchipdetail", Role("getftmchipdetails"), v2(LIST_OWN, CHIPS_NOT_FETCHED), ftm_chips::list_own::handle).summary("List the FTM chips of the caller"),
        rows.get("/ftpchipdetail/v2", Role("getpartnersftmchipdetails"), v2(LIST, CHIPS_NOT_FETCHED), ftm_chips::list::handle).summary("List FTM chips in pages"),
        rows.patch("/ftpchipdetail/{ftmId}", Role("patchdeactivateftm"), v2_checked(DEACTIVATE, CHIP_NOT_DEACTIVATED), deactivate::<FtmChip>).summary("Deactivate an FTM chip"),
        rows.get("/ftpchipdetail/{ftmId}/certificate-data", Role("getoriginalftmcertificate"), v2(CERTIFICATE, CERTIFICATE_NOT_DOWNLOADED), ftm_chips::certificate_data::handle).summary("Read both certificates of an FTM chip"),
        rows.get("/devices/registry", Role("getdeviceregistry"), v2(REGISTRY, REGISTRY_NOT_FETCHED), device_registry::read::handle).summary("Read which devices, SBIs and FTM chips may be used"),
    ]
}

/// OIDC clients, in both forms of their endpoints.
#[rustfmt::skip]
fn client_rows(rows: &Rows) -> Vec<Route> {
    use Access::{AnyToken, Role};
    const LIST_CLIENTS: &str = "mosip.pms.oauth.partners.clients.get";
    vec![
        rows.post("/oauth/client", AnyToken, V1, oidc_clients::create::oauth).summary("Create an OIDC client with names in several languages"),
        rows.get("/oauth/client", Role("getoauthpartnersclients"), v2(LIST_CLIENTS, CLIENTS_NOT_FETCHED), oidc_clients::list::handle).summary("List OIDC clients"),
        rows.put("/oauth/client/{clientId}", AnyToken, V1, oidc_clients::update::oauth).summary("Change an OIDC client and its names in several languages"),
        rows.get("/oauth/client/{clientId}", AnyToken, V1, oidc_clients::get::handle).summary("Read an OIDC client"),
        rows.post("/oidc/client", AnyToken, V1, oidc_clients::create::oidc).summary("Create an OIDC client with one name"),
        rows.put("/oidc/client/{clientId}", AnyToken, V1, oidc_clients::update::oidc).summary("Change an OIDC client and its name"),
        rows.get("/oidc/client/{clientId}", AnyToken, V1, oidc_clients::get::handle).summary("Read an OIDC client"),
        rows.get("/oidc-clients/{clientId}/diagnosis", AnyToken, V1, oidc_clients::diagnose::handle).summary("Tell what keeps an OIDC client from working"),
    ]
}

/// What the portal asks for its user.
#[rustfmt::skip]
fn portal_rows(rows: &Rows) -> Vec<Route> {
    use Access::{AnyToken, Role};
    const CONFIG: &str = "mosip.pms.configs.get";
    const GET_CONSENT: &str = "mosip.pms.user.consent.get";
    const GIVE_CONSENT: &str = "mosip.pms.user.consent.post";
    const GET_SEEN: &str = "mosip.pms.users.notifications.seen.timestamp.get";
    const SET_SEEN: &str = "mosip.pms.users.notifications.seen.timestamp.put";
    const LIST_NOTIFICATIONS: &str = "mosip.pms.notifications.get";
    const LIST_EXPIRIES: &str = "mosip.pms.expiries.get";
    const DISMISS: &str = "mosip.pms.dismiss.notification.patch";
    vec![
        rows.get("/notifications", Role("getnotifications"), v2(LIST_NOTIFICATIONS, NOT_FETCHED), notifications::list::handle).summary("List the notifications of the caller's partners"),
        rows.get("/expiries", Role("getexpiries"), v2(LIST_EXPIRIES, EXPIRIES_NOT_FETCHED), expiries::list::handle).summary("List what ends, the next end first"),
        rows.patch("/notifications/{notificationId}", Role("patchdismissnotification"), v2_checked(DISMISS, NOT_DISMISSED), notifications::dismiss::handle).summary("Dismiss a notification"),
        rows.post("/users", Role("postusers"), V1, users::register::handle).summary("Make a user of the portal"),
        rows.get("/users/user-consent", Role("userconsent"), v2(GET_CONSENT, CONSENT_NOT_FETCHED), users::get_consent::handle).summary("Tell whether the caller consented"),
        rows.post("/users/user-consent", Role("userconsent"), v2(GIVE_CONSENT, CONSENT_NOT_SAVED), users::give_consent::handle).summary("Consent"),
        rows.get("/users/{userId}/notifications-seen-timestamp", Role("getnotificationseentimestamp"), v2(GET_SEEN, SEEN_NOT_FETCHED), users::notifications_seen::handle).summary("Tell when a user last looked at the notifications"),
        rows.put("/users/{userId}/notifications-seen-timestamp", Role("putnotificationseentimestamp"), v2_checked(SET_SEEN, SEEN_NOT_SAVED), users::set_notifications_seen::handle).summary("Note when a user last looked at the notifications"),
        rows.get("/system-config", AnyToken, v2(CONFIG, CONFIG_NOT_FETCHED), system_config::handle).summary("Tell the portal's configuration"),
    ]
}
