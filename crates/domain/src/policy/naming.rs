//! What policies and policy groups may be called.

use super::errors::INPUT_INVALID;
use crate::BusinessError;

/// Accepts a new name.
///
/// # Errors
/// `PMS_COR_002` for a name with `<` or `>`: the portal shows names as HTML, so
/// such a name would run as a script in an administrator's browser.
pub fn check(name: &str) -> Result<(), BusinessError> {
    if name.contains(['<', '>']) {
        Err(INPUT_INVALID.with(&["name"]))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_free_text_without_markup() {
        assert_eq!(check("Résident & Co. / 2"), Ok(()));
        for name in ["<b>", "a<", ">"] {
            assert_eq!(check(name).unwrap_err().code(), "PMS_COR_002", "{name}");
        }
    }
}
