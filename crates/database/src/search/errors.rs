//! Error codes of searches, filter values and lists (contract envelope-and-search.md §13).
#![expect(missing_docs, reason = "codes and texts are the contract's")]

use pms_domain::ErrorDef;

pub const INVALID_COLUMN: ErrorDef = ErrorDef::new("PMS-MSD-310", "Invalid column received : %s");
pub const COLUMN_MISSING: ErrorDef = ErrorDef::new("PMS-MSD-311", "Column is missing in request");
pub const FILTER_TYPE_MISSING: ErrorDef = ErrorDef::new("PMS-MSD-312", "Filter type is missing");
pub const INVALID_PAGE: ErrorDef = ErrorDef::new(
    "PMS-MSD-313",
    "Invalid pagination value received pagestart:%d and pagefetch:%d",
);
pub const SORT_INCOMPLETE: ErrorDef =
    ErrorDef::new("PMS-MSD-314", "Missing sort field or sort type values");
pub const INVALID_RANGE: ErrorDef = ErrorDef::new("PMS-MSD-315", "Invalid fromValue or toValue");
pub const UNKNOWN_VALUES_COLUMN: ErrorDef = ErrorDef::new(
    "PMS-MSD-317",
    "Column %s doesn't exist for the searched entity",
);
pub const VALUES_TYPE_MISSING: ErrorDef =
    ErrorDef::new("PMS-MSD-322", "Filter Type cannot be empty or null");
pub const VALUES_TYPE_UNSUPPORTED: ErrorDef =
    ErrorDef::new("PMS-MSD-324", "Received Filter Type not supported");
pub const INVALID_SORT_FIELD: ErrorDef = ErrorDef::new("PMS-MSD-357", "Invalid sort field %s");
pub const INVALID_SORT_TYPE: ErrorDef =
    ErrorDef::new("PMS-MSD-358", "Sort type %s is not supported");
pub const INVALID_VALUE: ErrorDef = ErrorDef::new("PMS-MSD-390", "Invalid filter value");
pub const INVALID_VALUES: ErrorDef = ErrorDef::new("PMS-MSD-391", "Invalid filter values");
pub const VALUE_AND_VALUES: ErrorDef =
    ErrorDef::new("PMS-MSD-392", "Both value and values cannot be present");
/// The reference sends the database's own text.
pub const QUERY_FAILED: ErrorDef = ErrorDef::new("PMS-MSD-394", "Unable to process the request.");
pub const ENCRYPTED_COLUMN: ErrorDef = ErrorDef::new(
    "KER_PRT_391",
    "The column '%s' is not supported due to system limitations.",
);

pub const LIST_PAGE_INCOMPLETE: ErrorDef = ErrorDef::new(
    "PMS_PS_ERROR_006",
    "Invalid pagination request: 'pageNo' and 'pageSize' must be specified together.",
);
pub const LIST_SORT_INCOMPLETE: ErrorDef = ErrorDef::new(
    "PMS_PS_ERROR_007",
    "Invalid Sorting request: 'sortType' and 'sortFieldName' must be specified together.",
);
pub const LIST_SORT_WITHOUT_PAGE: ErrorDef = ErrorDef::new(
    "PMS_PS_ERROR_008",
    "Please provide pagination parameters ('pageNo' and 'pageSize') when requesting sorted data.",
);
/// In the partner service's words.
pub const LIST_INVALID_SORT_FIELD: ErrorDef = ErrorDef::new("PMS_PRT_357", "Invalid sort field %s");
/// In the policy service's words.
pub const LIST_UNSUPPORTED_SORT_FIELD: ErrorDef =
    ErrorDef::new("PMS_PRT_357", "Sorting is not supported for %s field");
pub const LIST_INVALID_SORT_TYPE: ErrorDef =
    ErrorDef::new("PMS_PRT_358", "Sort type %s is not supported");
pub const LIST_INVALID_PAGE_NO: ErrorDef = ErrorDef::new("PMS_PRT_360", "Invalid Page No");
pub const LIST_INVALID_PAGE_SIZE: ErrorDef = ErrorDef::new("PMS_PRT_361", "Invalid page size");
