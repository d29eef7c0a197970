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

pub const MAP_POLICY_GROUP: AuditDef = def(
    "PMS_PRT_121",
    "PUT MAP POLICY GROUP",
    "Mapping policy group to partner",
);

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
