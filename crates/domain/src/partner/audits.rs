//! Audit records of the partner endpoints (contract integrations.md §3.4).
#![expect(missing_docs, reason = "the descriptions say when a record is made")]

use crate::audit::audits;

audits! {
    Attempt REGISTER = "PMS_PRT_101", "POST REGISTER PARTNER", "Registering the partner", else REGISTER_FAILED;
    Success REGISTERED = "PMS_PRT_201", "POST REGISTER PARTNER", "Registering the partner success", else REGISTER_FAILED;
    Failure REGISTER_FAILED = "PMS_PRT_401", "POST REGISTER PARTNER", "Registering the partner failed";

    Failure RETRIEVE_FAILED = "PMS_PRT_419", "GET PARTNER ", "Retrieving partner failed";

    Attempt MAP_POLICY_GROUP = "PMS_PRT_121", "PUT MAP POLICY GROUP", "Mapping policy group to partner", else MAP_POLICY_GROUP_FAILED;

    Attempt REQUEST_MAPPING = "PMS_PRT_122", "POST REQUEST FOR POLICY MAP", "Requesting for policy mapping", else API_KEY_REQUEST_FAILED;

    Success API_KEY_REQUESTED = "PMS_PRT_204", "PATCH REQUEST FOR API KEY", "Requesting for API Key success", else API_KEY_REQUEST_FAILED;
    Failure API_KEY_REQUEST_FAILED = "PMS_PRT_404", "PATCH REQUEST FOR API KEY", "Requesting for API Key failed";

    Attempt GENERATE_API_KEY = "PMS_PRT_179", "PATCH GENERATE API KEY", "Generate API Key ", else GENERATE_API_KEY_FAILED;
    Success API_KEY_GENERATED = "PMS_PRT_279", "PATCH GENERATE API KEY", "Generate API Key success", else GENERATE_API_KEY_FAILED;
    Failure GENERATE_API_KEY_FAILED = "PMS_PRT_779", "PATCH GENERATE API KEY", "Generate API Key failed";
    Failure POLICY_UNREADABLE = "PMS_PRT_487", "CREATE POLICY ", "getting policy failure";

    // The leading blank is part of the catalogue.
    Attempt CHANGE_STATUS = "PMS_PRT_189", " AUTH KYC Partners", "Activating/Deactivating kyc partners", else CHANGE_STATUS_FAILED;
    Success STATUS_CHANGED = "PMS_PRT_289", " AUTH KYC Partners", "Activating/Deactivating kyc partners success", else CHANGE_STATUS_FAILED;
    Failure CHANGE_STATUS_FAILED = "PMS_PRT_789", " AUTH KYC Partners", "Activating/Deactivating kyc partners failure";

    Attempt DECIDE_MAPPING = "PMS_PRT_181", "PATCH APPROVE/REJECT APIKEY", "Approve/Reject Partner apikey ", else DECIDE_MAPPING_FAILED;
    Success MAPPING_DECIDED = "PMS_PRT_281", "PATCH APPROVE/REJECT APIKEY", "Approve/Reject Partner apikey successfull", else DECIDE_MAPPING_FAILED;
    Failure DECIDE_MAPPING_FAILED = "PMS_PRT_781", "PATCH APPROVE/REJECT APIKEY", "Approve/Reject Partner apikey failure";
    Failure MAPPED_POLICY_REFUSED = "PMS_PRT_791", "GET Partners Policy Mapping", "Getting partners policy mapping failure";

    Attempt UPDATE = "PMS_PRT_105", "PUT UPDATE PARTNER", "Updating Partner ", else UPDATE_FAILED;
    Success UPDATED = "PMS_PRT_205", "PUT UPDATE PARTNER", "Updating Partner success", else UPDATE_FAILED;
    Failure UPDATE_FAILED = "PMS_PRT_405", "PUT UPDATE PARTNER", "Updating Partner failed";

    Attempt ADD_CONTACT = "PMS_PRT_106", "POST ADD CONTACTS", "Adding contacts ", else ADD_CONTACT_FAILED;
    Success CONTACT_ADDED = "PMS_PRT_206", "POST ADD CONTACTS", "Adding contacts success", else ADD_CONTACT_FAILED;
    Failure ADD_CONTACT_FAILED = "PMS_PRT_406", "POST ADD CONTACTS", "Adding contacts failed";

    Success POLICY_GROUP_MAPPED = "PMS_PRT_221", "PUT MAP POLICY GROUP", "Mapping policy group to partner success", else MAP_POLICY_GROUP_FAILED;
    Failure MAP_POLICY_GROUP_FAILED = "PMS_PRT_421", "PUT MAP POLICY GROUP", "Mapping policy group to partner failed";

    Attempt ADD_EXTRACTORS = "PMS_PRT_107", "POST ADD BIO EXTRACTORS", "Adding bio extractors ", else ADD_EXTRACTORS_FAILED;
    Success EXTRACTORS_ADDED = "PMS_PRT_207", "POST ADD BIO EXTRACTORS", "Adding bio extractors success", else ADD_EXTRACTORS_FAILED;
    Failure ADD_EXTRACTORS_FAILED = "PMS_PRT_407", "POST ADD BIO EXTRACTORS", "Adding bio extractors failed";

    Attempt MAP_CREDENTIAL_TYPE = "PMS_PRT_108", "POST MAP POLICY CREDENTIAL TYPE", "Mapping policy and credential type ", else MAP_CREDENTIAL_TYPE_FAILED;
    Success CREDENTIAL_TYPE_MAPPED = "PMS_PRT_208", "POST MAP POLICY CREDENTIAL TYPE", "Mapping policy and credential type success", else MAP_CREDENTIAL_TYPE_FAILED;
    Failure MAP_CREDENTIAL_TYPE_FAILED = "PMS_PRT_408", "POST MAP POLICY CREDENTIAL TYPE", "Mapping policy and credential type failed";

    Attempt SEARCH_PARTNERS = "PMS_PRT_109", "POST SEARCH PARTNER", "Searching Partner ";
    Success PARTNERS_SEARCHED = "PMS_PRT_209", "POST SEARCH PARTNER", "Searching Partner success";

    Attempt SEARCH_TYPES = "PMS_PRT_110", "POST SEARCH PARTNER TYPE", "Searching Partner type";
    Success TYPES_SEARCHED = "PMS_PRT_210", "POST SEARCH PARTNER TYPE", "Searching Partner type success";

    // The searches of API keys and of mapping requests are told under each other's
    // names, as the reference does.
    Attempt SEARCH_MAPPINGS = "PMS_PRT_111", "POST SEARCH PARTNER APIKEY", "Searching Partner apikey";
    Success MAPPINGS_SEARCHED = "PMS_PRT_211", "POST SEARCH PARTNER APIKEY", "Searching Partner apikey success";

    Attempt SEARCH_API_KEYS = "PMS_PRT_112", "POST SEARCH PARTNER APIKEY REQUEST", "Searching Partner apikey request";
    Success API_KEYS_SEARCHED = "PMS_PRT_212", "POST SEARCH PARTNER APIKEY REQUEST", "Searching Partner apikey request success";

    Attempt FILTER_PARTNERS = "PMS_PRT_113", "POST FILTER PARTNER", "Filtering Partner";
    Success PARTNERS_FILTERED = "PMS_PRT_213", "POST FILTER PARTNER", "Filtering Partner success";

    Attempt FILTER_MAPPINGS = "PMS_PRT_114", "POST FILTER PARTNER APIKEY REQUESTS", "Filtering Partner apikey requests";
    Success MAPPINGS_FILTERED = "PMS_PRT_214", "POST FILTER PARTNER APIKEY REQUESTS", "Filtering Partner apikey requests success";

    Attempt POINT_KEY = "PMS_PRT_179", "GET API KEY MAPPING", "Getting api and key mappings", else POINT_KEY_FAILED;
    Success KEY_POINTED = "PMS_PRT_279", "GET API KEY MAPPING", "Getting api and key mappings successfull", else POINT_KEY_FAILED;
    Failure POINT_KEY_FAILED = "PMS_PRT_779", "GET API KEY MAPPING", "Getting api and key mappings failed";

    // All three are recorded with one text.
    Attempt CHANGE_KEY_STATUS = "PMS_PRT_199", "API KYC Partners", "Activating/Deactivating api partners", else CHANGE_KEY_STATUS_FAILED;
    Success KEY_STATUS_CHANGED = "PMS_PRT_299", "API KYC Partners", "Activating/Deactivating api partners", else CHANGE_KEY_STATUS_FAILED;
    Failure CHANGE_KEY_STATUS_FAILED = "PMS_PRT_799", "API KYC Partners", "Activating/Deactivating api partners";
}
