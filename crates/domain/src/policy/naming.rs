//! What policies and policy groups may be called.

use super::errors::INPUT_INVALID;
use crate::BusinessError;
use crate::path::can_stand_in_path;
use crate::text::{broken_rule, is_readable};

/// Segments that follow `/policies/` in other paths: a policy with such an id
/// could not be read.
pub const RESERVED_IDS: [&str; 7] = [
    "active",
    "config",
    "filtervalues",
    "group",
    "policy-groups",
    "search",
    "v2",
];

/// Accepts a new name. Names stand in paths too, but what paths refuse is allowed
/// in them: nothing is reached by its name alone.
///
/// # Errors
/// `PMS_COR_002` for a name that [breaks a rule of names](broken_rule).
pub fn check(name: &str) -> Result<(), BusinessError> {
    match broken_rule(name) {
        Some(_) => Err(INPUT_INVALID.with(&["name"])),
        None => Ok(()),
    }
}

/// Accepts the id that a client wants for a new policy.
///
/// # Errors
/// `PMS_COR_002` for an id that no path could name, for one that another path has
/// as a literal, and for one that does not read as it is stored.
pub fn check_id(id: &str) -> Result<(), BusinessError> {
    if can_stand_in_path(id) && is_readable(id) && !RESERVED_IDS.contains(&id) {
        Ok(())
    } else {
        Err(INPUT_INVALID.with(&["policyId"]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_can_be_named_in_paths() {
        assert_eq!(check_id("mpolicy-default.auth_1"), Ok(()));
        for id in ["a/b", "..", "ev;il", "v2", "a\u{202e}b", "a\tb"] {
            assert_eq!(check_id(id).unwrap_err().code(), "PMS_COR_002", "{id}");
        }
    }

    #[test]
    fn names_are_free_text_without_markup() {
        assert_eq!(check("Résident & Co. / 2"), Ok(()));
        for name in ["<b>", "a<", ">", "a\u{202e}b", "a\nb"] {
            assert_eq!(check(name).unwrap_err().code(), "PMS_COR_002", "{name}");
        }
    }
}
