//! Field rules of the partner endpoints (contract partner.md §4.1, §4.4, §4.6).

use pms_domain::path;
use pms_web::Checks;

const BLANK: &str = "value is empty or null";
const ADDRESS_LENGTH: &str = "Length should be between 1 and 2000 chars";
const PHONE_LENGTH: &str = "Length should be between 1 and 16 chars";
const EMAIL_LENGTH: &str = "Length should be between 1 and 254 chars";

/// Bytes of an address whose cipher text still fits its column of 10,000.
const ADDRESS_BYTES: usize = 7000;
/// Bytes of an e-mail whose cipher text still fits its column of 3,000.
const EMAIL_BYTES: usize = 1800;

/// Field rules of id and name.
pub(super) fn check_identity(fields: &mut Checks, id: Option<&str>, name: Option<&str>) {
    fields.not_blank_or("partnerId", id, BLANK);
    check_storable(fields, "partnerId", id);
    fields
        .not_blank_or("organizationName", name, BLANK)
        .length_or(
            "organizationName",
            name,
            (1, 128),
            "Length should be between 1 and 128 chars",
        );
    for (field, text) in [("partnerId", id), ("organizationName", name)] {
        fields.plain(field, text);
    }
    let reachable = id.is_none_or(path::can_stand_in_path);
    fields.require(reachable, "partnerId", path::NO_SEGMENT);
}

/// Field rules of the data that is encrypted.
pub(super) fn check_contact(
    fields: &mut Checks,
    address: Option<&str>,
    contact_number: Option<&str>,
    email: Option<&str>,
) {
    check_reach(fields, address, contact_number);
    fields.not_blank_or("emailId", email, BLANK).length_or(
        "emailId",
        email,
        (1, 254),
        EMAIL_LENGTH,
    );
}

/// Field rules of address and telephone number.
pub(super) fn check_reach(
    fields: &mut Checks,
    address: Option<&str>,
    contact_number: Option<&str>,
) {
    check_address(fields, address);
    fields
        .not_blank_or("contactNumber", contact_number, BLANK)
        .length_or("contactNumber", contact_number, (1, 16), PHONE_LENGTH);
}

/// Field rules of a contact: only the columns limit its texts, and the
/// telephone number has a rule of its own.
pub(super) fn check_person(
    fields: &mut Checks,
    address: Option<&str>,
    contact_number: Option<&str>,
    email: Option<&str>,
) {
    fields.not_blank_or("address", address, BLANK);
    check_bytes(fields, "address", address, ADDRESS_BYTES);
    fields
        .not_blank_or("contactNumber", contact_number, BLANK)
        .not_blank_or("emailId", email, BLANK);
    check_bytes(fields, "emailId", email, EMAIL_BYTES);
}

/// Length of a text that only its column limits, in the words for all columns
/// (contract envelope-and-search.md §11.1).
fn check_bytes(fields: &mut Checks, field: &str, text: Option<&str>, most: usize) {
    let fits = text.is_none_or(|text| text.len() <= most);
    fields.require(fits, field, format!("size must be between 0 and {most}"));
}

/// Field rules of type and group, which are only looked up.
pub(super) fn check_choices(fields: &mut Checks, kind: Option<&str>, group: Option<&str>) {
    fields.not_blank_or("partnerType", kind, BLANK);
    check_storable(fields, "partnerType", kind);
    check_storable(fields, "policyGroup", group);
}

fn check_address(fields: &mut Checks, address: Option<&str>) {
    let fits = address.is_none_or(|address| address.len() <= ADDRESS_BYTES);
    fields
        .not_blank_or("address", address, BLANK)
        .length_or("address", address, (1, 2000), ADDRESS_LENGTH)
        .require(fits, "address", ADDRESS_LENGTH);
}

/// PostgreSQL can't even look for a text with NUL.
fn check_storable(fields: &mut Checks, field: &str, text: Option<&str>) {
    let storable = text.is_none_or(|text| !text.contains('\0'));
    fields.require(storable, field, "must not contain NUL");
}
