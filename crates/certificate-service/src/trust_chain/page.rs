//! Order and page of the list, checked before the key manager is asked.

use pms_database::search::errors::{
    LIST_INVALID_PAGE_NO, LIST_INVALID_PAGE_SIZE, LIST_INVALID_SORT_FIELD, LIST_INVALID_SORT_TYPE,
    LIST_SORT_INCOMPLETE,
};
use pms_domain::BusinessError;

/// Rows of a page unless the client says.
const PAGE_SIZE: i64 = 8;

/// What clients may sort by, and what the key manager calls it.
const SORTS: [(&str, &str); 8] = [
    ("caCertificateType", "caCertificateType"),
    ("certificateId", "certId"),
    ("partnerDomain", "partnerDomain"),
    ("issuedTo", "certSubject"),
    ("issuedBy", "certIssuer"),
    ("validFrom", "certNotBefore"),
    ("validTill", "certNotAfter"),
    ("uploadedDateTime", "createdtimes"),
];

/// The key manager's name of a sort field; `None` without an order.
///
/// # Errors
/// Half an order, an unknown field, an unknown direction.
pub(super) fn sort_field(
    field: Option<&str>,
    kind: Option<&str>,
) -> Result<Option<&'static str>, BusinessError> {
    let (field, kind) = match (field, kind) {
        (None, None) => return Ok(None),
        (Some(field), Some(kind)) => (field, kind),
        _ => return Err(LIST_SORT_INCOMPLETE.into()),
    };
    let known = SORTS.iter().find(|(name, _)| *name == field);
    let (_, theirs) = known.ok_or_else(|| LIST_INVALID_SORT_FIELD.with(&[field]))?;
    let is = |direction: &str| kind.eq_ignore_ascii_case(direction);
    if is("asc") || is("desc") {
        Ok(Some(theirs))
    } else {
        Err(LIST_INVALID_SORT_TYPE.with(&[kind]))
    }
}

/// Index, from 0, and size of the page.
///
/// # Errors
/// A negative index, a size below 1.
pub(super) fn page(no: Option<i64>, size: Option<i64>) -> Result<(i64, i64), BusinessError> {
    let (no, size) = (no.unwrap_or(0), size.unwrap_or(PAGE_SIZE));
    if no < 0 {
        return Err(LIST_INVALID_PAGE_NO.into());
    }
    if size < 1 {
        return Err(LIST_INVALID_PAGE_SIZE.into());
    }
    Ok((no, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_manager_has_other_names_for_fields() {
        assert_eq!(
            sort_field(Some("validTill"), Some("DESC")),
            Ok(Some("certNotAfter"))
        );
        assert_eq!(sort_field(None, None), Ok(None));
    }

    #[test]
    fn an_order_is_whole_and_known() {
        let code = |field, kind| sort_field(field, kind).unwrap_err().code().to_owned();

        assert_eq!(code(Some("issuedTo"), None), "PMS_PS_ERROR_007");
        assert_eq!(code(None, Some("")), "PMS_PS_ERROR_007");
        assert_eq!(code(Some("certSubject"), Some("up")), "PMS_PRT_357");
        assert_eq!(code(Some("issuedTo"), Some("up")), "PMS_PRT_358");
    }
}
