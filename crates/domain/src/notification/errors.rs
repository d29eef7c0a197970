//! Business errors of the notifications (contract clients-users-notifications.md §3).
#![expect(missing_docs, reason = "code and text say it all")]

use crate::ErrorDef;

// List
pub const NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_005",
    "Error while fetching notifications",
);
pub const FOR_ADMINS_ONLY: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_006",
    "Partner Admin will only get notifications for root/intermediate certificate expiry and the weekly summary.",
);
pub const DETAILS_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_007",
    "Error parsing notification details JSON",
);
pub const FILTERS_WITHOUT_TYPE: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_015",
    "Notification type must be selected for filtering",
);
pub const INVALID_DATE: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_016",
    "Please enter a valid date in the %s field.",
);
pub const CREATION_DATES_OF_OTHER_TYPE: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_017",
    "Filtering by createdFromDate / createdToDate is only available when 'weekly' is selected as the notificationType",
);

// Filters of the newer kinds
pub const FOR_API_KEYS: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_020",
    "The selected notification type is invalid. Only 'apikey' type is allowed for this filter.",
);
pub const FOR_CERTIFICATES: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_021",
    "The selected notification type is invalid. Only 'root', 'intermediate', or 'partner' types are allowed for this filter.",
);
pub const FOR_FTM_CHIPS: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_022",
    "The selected notification type is invalid. Only 'ftm-chip' type is allowed for this filter.",
);
pub const FOR_INTERFACES: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_023",
    "The selected notification type is invalid. Only 'sbi' type is allowed for this filter.",
);
pub const FOR_MISPS: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_027",
    "The selected notification type is invalid. Only 'misp' type is allowed for this filter.",
);
pub const FOR_POLICIES: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_028",
    "The selected notification type is invalid. Either 'apikey' or 'misp' type is allowed for this filter.",
);

// Everything that ends
pub const EXPIRIES_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_EXPIRY_ERROR_001", "Error while fetching what ends");
pub const PERIOD_INVALID: ErrorDef = ErrorDef::new(
    "PMS_EXPIRY_ERROR_002",
    "withinDays must be between 1 and 366.",
);

// Dismissal
pub const INVALID_REQUEST: ErrorDef = ErrorDef::new("PMS_REQUEST_ERROR_001", "Invalid request.");
pub const UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_NOTIFICATION_ERROR_008", "Notification does not exist.");
pub const ALREADY_DISMISSED: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_009",
    "Notification has already been dismissed.",
);
pub const NOT_DISMISSED: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_010",
    "Error while dismissing the notification.",
);
pub const OF_OTHERS: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_011",
    "The notification does not belong to the partner.",
);
pub const STATUS_NOT_DISMISSED: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_012",
    "Invalid notification status. Expected: DISMISSED.",
);
pub const DISMISSED_BY_ADMINS_ONLY: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_018",
    "Partner Admin can only dismiss this notification",
);
pub const STATUS_MISSING: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_019",
    "Notification status is required in the request",
);
