//! Field rules of the partner endpoints (partner contract §4.1, §4.4, §4.6).

use pms_web::Checks;

/// The rule that most fields of partners break.
pub(super) const BLANK: &str = "value is empty or null";

/// Field rules of id and name.
pub(super) fn check_identity(fields: &mut Checks, id: Option<&str>, name: Option<&str>) {
    fields
        .not_blank_or("partnerId", id, BLANK)
        .require(
            id.is_none_or(|id| !id.contains('\0')),
            "partnerId",
            "must not contain NUL",
        )
        .not_blank_or("organizationName", name, BLANK)
        .length_or(
            "organizationName",
            name,
            (1, 128),
            "Length should be between 1 and 128 chars",
        );
    for (field, text) in [("partnerId", id), ("organizationName", name)] {
        let harmless = text.is_none_or(|text| !text.contains(['<', '>']));
        fields.require(harmless, field, "must not contain < or >");
    }
}

/// Field rules of the data that is encrypted.
pub(super) fn check_contact(
    fields: &mut Checks,
    address: Option<&str>,
    contact_number: Option<&str>,
    email: Option<&str>,
) {
    fields
        .not_blank_or("address", address, BLANK)
        .length_or(
            "address",
            address,
            (1, 2000),
            "Length should be between 1 and 2000 chars",
        )
        .not_blank_or("contactNumber", contact_number, BLANK)
        .length_or(
            "contactNumber",
            contact_number,
            (1, 16),
            "Length should be between 1 and 16 chars",
        )
        .not_blank_or("emailId", email, BLANK)
        .length_or(
            "emailId",
            email,
            (1, 254),
            "Length should be between 1 and 254 chars",
        );
}

/// Field rules of type and group, which are only looked up.
pub(super) fn check_choices(fields: &mut Checks, kind: Option<&str>, group: Option<&str>) {
    fields.not_blank_or("partnerType", kind, BLANK);
    for (field, text) in [("partnerType", kind), ("policyGroup", group)] {
        fields.require(
            text.is_none_or(|text| !text.contains('\0')),
            field,
            "must not contain NUL",
        );
    }
}
