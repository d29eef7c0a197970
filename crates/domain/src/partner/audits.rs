//! Audit records of the partner endpoints (contract integrations.md §3.4).
#![expect(missing_docs, reason = "the descriptions say when a record is made")]

use crate::audit::{AuditDef, AuditModule};

const MODULE: AuditModule = AuditModule {
    name: "Partner Management Service",
    id: "PMS_PRT",
};

const fn def(
    event_id: &'static str,
    event_name: &'static str,
    description: &'static str,
) -> AuditDef {
    AuditDef {
        event_id,
        event_name,
        description,
        module: MODULE,
    }
}

const REGISTER_NAME: &str = "POST REGISTER PARTNER";
pub const REGISTER: AuditDef = def("PMS_PRT_101", REGISTER_NAME, "Registering the partner");
pub const REGISTERED: AuditDef = def(
    "PMS_PRT_201",
    REGISTER_NAME,
    "Registering the partner success",
);
pub const REGISTER_FAILED: AuditDef = def(
    "PMS_PRT_401",
    REGISTER_NAME,
    "Registering the partner failed",
);

pub const RETRIEVE_FAILED: AuditDef =
    def("PMS_PRT_419", "GET PARTNER ", "Retrieving partner failed");

pub const MAP_POLICY_GROUP: AuditDef =
    def("PMS_PRT_121", GROUP_NAME, "Mapping policy group to partner");

pub const REQUEST_MAPPING: AuditDef = def(
    "PMS_PRT_122",
    "POST REQUEST FOR POLICY MAP",
    "Requesting for policy mapping",
);

const API_KEY_REQUEST_NAME: &str = "PATCH REQUEST FOR API KEY";
pub const API_KEY_REQUESTED: AuditDef = def(
    "PMS_PRT_204",
    API_KEY_REQUEST_NAME,
    "Requesting for API Key success",
);
pub const API_KEY_REQUEST_FAILED: AuditDef = def(
    "PMS_PRT_404",
    API_KEY_REQUEST_NAME,
    "Requesting for API Key failed",
);

const GENERATE_NAME: &str = "PATCH GENERATE API KEY";
pub const GENERATE_API_KEY: AuditDef = def("PMS_PRT_179", GENERATE_NAME, "Generate API Key ");
pub const API_KEY_GENERATED: AuditDef =
    def("PMS_PRT_279", GENERATE_NAME, "Generate API Key success");
pub const GENERATE_API_KEY_FAILED: AuditDef =
    def("PMS_PRT_779", GENERATE_NAME, "Generate API Key failed");
pub const POLICY_UNREADABLE: AuditDef =
    def("PMS_PRT_487", "CREATE POLICY ", "getting policy failure");

// The leading blank is part of the catalogue.
const STATUS_NAME: &str = " AUTH KYC Partners";
pub const CHANGE_STATUS: AuditDef = def(
    "PMS_PRT_189",
    STATUS_NAME,
    "Activating/Deactivating kyc partners",
);
pub const STATUS_CHANGED: AuditDef = def(
    "PMS_PRT_289",
    STATUS_NAME,
    "Activating/Deactivating kyc partners success",
);
pub const CHANGE_STATUS_FAILED: AuditDef = def(
    "PMS_PRT_789",
    STATUS_NAME,
    "Activating/Deactivating kyc partners failure",
);

const DECIDE_NAME: &str = "PATCH APPROVE/REJECT APIKEY";
pub const DECIDE_MAPPING: AuditDef =
    def("PMS_PRT_181", DECIDE_NAME, "Approve/Reject Partner apikey ");
pub const MAPPING_DECIDED: AuditDef = def(
    "PMS_PRT_281",
    DECIDE_NAME,
    "Approve/Reject Partner apikey successfull",
);
pub const DECIDE_MAPPING_FAILED: AuditDef = def(
    "PMS_PRT_781",
    DECIDE_NAME,
    "Approve/Reject Partner apikey failure",
);
pub const MAPPED_POLICY_REFUSED: AuditDef = def(
    "PMS_PRT_791",
    "GET Partners Policy Mapping",
    "Getting partners policy mapping failure",
);

const UPDATE_NAME: &str = "PUT UPDATE PARTNER";
pub const UPDATE: AuditDef = def("PMS_PRT_105", UPDATE_NAME, "Updating Partner ");
pub const UPDATED: AuditDef = def("PMS_PRT_205", UPDATE_NAME, "Updating Partner success");
pub const UPDATE_FAILED: AuditDef = def("PMS_PRT_405", UPDATE_NAME, "Updating Partner failed");

const CONTACT_NAME: &str = "POST ADD CONTACTS";
pub const ADD_CONTACT: AuditDef = def("PMS_PRT_106", CONTACT_NAME, "Adding contacts ");
pub const CONTACT_ADDED: AuditDef = def("PMS_PRT_206", CONTACT_NAME, "Adding contacts success");
pub const ADD_CONTACT_FAILED: AuditDef = def("PMS_PRT_406", CONTACT_NAME, "Adding contacts failed");

const GROUP_NAME: &str = "PUT MAP POLICY GROUP";
pub const POLICY_GROUP_MAPPED: AuditDef = def(
    "PMS_PRT_221",
    GROUP_NAME,
    "Mapping policy group to partner success",
);
pub const MAP_POLICY_GROUP_FAILED: AuditDef = def(
    "PMS_PRT_421",
    GROUP_NAME,
    "Mapping policy group to partner failed",
);

const EXTRACTORS_NAME: &str = "POST ADD BIO EXTRACTORS";
pub const ADD_EXTRACTORS: AuditDef = def("PMS_PRT_107", EXTRACTORS_NAME, "Adding bio extractors ");
pub const EXTRACTORS_ADDED: AuditDef = def(
    "PMS_PRT_207",
    EXTRACTORS_NAME,
    "Adding bio extractors success",
);
pub const ADD_EXTRACTORS_FAILED: AuditDef = def(
    "PMS_PRT_407",
    EXTRACTORS_NAME,
    "Adding bio extractors failed",
);

const CREDENTIAL_TYPE_NAME: &str = "POST MAP POLICY CREDENTIAL TYPE";
pub const MAP_CREDENTIAL_TYPE: AuditDef = def(
    "PMS_PRT_108",
    CREDENTIAL_TYPE_NAME,
    "Mapping policy and credential type ",
);
pub const CREDENTIAL_TYPE_MAPPED: AuditDef = def(
    "PMS_PRT_208",
    CREDENTIAL_TYPE_NAME,
    "Mapping policy and credential type success",
);
pub const MAP_CREDENTIAL_TYPE_FAILED: AuditDef = def(
    "PMS_PRT_408",
    CREDENTIAL_TYPE_NAME,
    "Mapping policy and credential type failed",
);

const SEARCH_NAME: &str = "POST SEARCH PARTNER";
pub const SEARCH_PARTNERS: AuditDef = def("PMS_PRT_109", SEARCH_NAME, "Searching Partner ");
pub const PARTNERS_SEARCHED: AuditDef =
    def("PMS_PRT_209", SEARCH_NAME, "Searching Partner success");

const SEARCH_TYPE_NAME: &str = "POST SEARCH PARTNER TYPE";
pub const SEARCH_TYPES: AuditDef = def("PMS_PRT_110", SEARCH_TYPE_NAME, "Searching Partner type");
pub const TYPES_SEARCHED: AuditDef = def(
    "PMS_PRT_210",
    SEARCH_TYPE_NAME,
    "Searching Partner type success",
);

// The searches of API keys and of mapping requests are told under each other's
// names, as the reference does.
const SEARCH_KEY_NAME: &str = "POST SEARCH PARTNER APIKEY";
pub const SEARCH_MAPPINGS: AuditDef =
    def("PMS_PRT_111", SEARCH_KEY_NAME, "Searching Partner apikey");
pub const MAPPINGS_SEARCHED: AuditDef = def(
    "PMS_PRT_211",
    SEARCH_KEY_NAME,
    "Searching Partner apikey success",
);

const SEARCH_KEY_REQUEST_NAME: &str = "POST SEARCH PARTNER APIKEY REQUEST";
pub const SEARCH_API_KEYS: AuditDef = def(
    "PMS_PRT_112",
    SEARCH_KEY_REQUEST_NAME,
    "Searching Partner apikey request",
);
pub const API_KEYS_SEARCHED: AuditDef = def(
    "PMS_PRT_212",
    SEARCH_KEY_REQUEST_NAME,
    "Searching Partner apikey request success",
);

const FILTER_NAME: &str = "POST FILTER PARTNER";
pub const FILTER_PARTNERS: AuditDef = def("PMS_PRT_113", FILTER_NAME, "Filtering Partner");
pub const PARTNERS_FILTERED: AuditDef =
    def("PMS_PRT_213", FILTER_NAME, "Filtering Partner success");

const FILTER_KEY_REQUEST_NAME: &str = "POST FILTER PARTNER APIKEY REQUESTS";
pub const FILTER_MAPPINGS: AuditDef = def(
    "PMS_PRT_114",
    FILTER_KEY_REQUEST_NAME,
    "Filtering Partner apikey requests",
);
pub const MAPPINGS_FILTERED: AuditDef = def(
    "PMS_PRT_214",
    FILTER_KEY_REQUEST_NAME,
    "Filtering Partner apikey requests success",
);

const POINT_NAME: &str = "GET API KEY MAPPING";
pub const POINT_KEY: AuditDef = def("PMS_PRT_179", POINT_NAME, "Getting api and key mappings");
pub const KEY_POINTED: AuditDef = def(
    "PMS_PRT_279",
    POINT_NAME,
    "Getting api and key mappings successfull",
);
pub const POINT_KEY_FAILED: AuditDef = def(
    "PMS_PRT_779",
    POINT_NAME,
    "Getting api and key mappings failed",
);

const KEY_STATUS_NAME: &str = "API KYC Partners";
// All three are told with one text.
const KEY_STATUS_TEXT: &str = "Activating/Deactivating api partners";
pub const CHANGE_KEY_STATUS: AuditDef = def("PMS_PRT_199", KEY_STATUS_NAME, KEY_STATUS_TEXT);
pub const KEY_STATUS_CHANGED: AuditDef = def("PMS_PRT_299", KEY_STATUS_NAME, KEY_STATUS_TEXT);
pub const CHANGE_KEY_STATUS_FAILED: AuditDef = def("PMS_PRT_799", KEY_STATUS_NAME, KEY_STATUS_TEXT);
