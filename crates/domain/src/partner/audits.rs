//! Audit records of the partner endpoints (integrations contract §3.4).
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
