//! Business errors as data: one constant per wire code, its text beside it.

use std::borrow::Cow;

use serde::Serialize;

/// A wire error code and its text, as the contract spells them.
///
/// The text may hold `%s` place-holders, filled in order by [`ErrorDef::with`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorDef {
    /// The `errorCode` of the wire.
    pub code: &'static str,
    /// The `message` of the wire.
    pub message: &'static str,
}

impl ErrorDef {
    /// Pairs a code with its text.
    pub const fn new(code: &'static str, message: &'static str) -> Self {
        Self { code, message }
    }

    /// This error with its `%s` (or `%d`) place-holders replaced, in order.
    ///
    /// Surplus arguments are ignored and surplus place-holders stay, so that a
    /// wrong catalogue entry is visible but never a panic.
    pub fn with(self, arguments: &[&str]) -> BusinessError {
        let mut text = String::with_capacity(self.message.len() + 32);
        let mut rest = self.message;
        for argument in arguments {
            let Some((head, tail)) = rest.split_once("%s").or_else(|| rest.split_once("%d")) else {
                break;
            };
            text.push_str(head);
            text.push_str(argument);
            rest = tail;
        }
        text.push_str(rest);
        BusinessError::single(self.code, text)
    }
}

/// One entry of the `errors` array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WireError {
    /// The code; a few peers answer without one.
    #[serde(rename = "errorCode")]
    pub code: Option<Cow<'static, str>>,
    /// The text.
    pub message: Option<Cow<'static, str>>,
}

/// A request that the business rules refuse: one or several wire errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BusinessError {
    errors: Vec<WireError>,
}

impl BusinessError {
    /// A rejection with one error.
    pub fn single(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            errors: vec![WireError {
                code: Some(code.into()),
                message: Some(message.into()),
            }],
        }
    }

    /// A rejection with several errors, kept in order.
    ///
    /// Returns `None` for an empty list: nothing was refused.
    pub fn several(errors: Vec<WireError>) -> Option<Self> {
        (!errors.is_empty()).then_some(Self { errors })
    }

    /// All errors, at least one.
    pub fn errors(&self) -> &[WireError] {
        &self.errors
    }

    /// The code of the first error, for logs and metrics.
    pub fn code(&self) -> &str {
        self.errors
            .first()
            .and_then(|error| error.code.as_deref())
            .unwrap_or_default()
    }
}

impl From<ErrorDef> for BusinessError {
    fn from(def: ErrorDef) -> Self {
        Self::single(def.code, def.message)
    }
}

impl std::fmt::Display for BusinessError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for BusinessError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_holders_are_filled_in_order() {
        let def = ErrorDef::new("X", "a %s b %d c");

        let rejection = def.with(&["1", "2"]);

        assert_eq!(rejection.errors()[0].message.as_deref(), Some("a 1 b 2 c"));
    }

    #[test]
    fn an_argument_that_looks_like_a_place_holder_is_left_alone() {
        let rejection = ErrorDef::new("X", "%s and %s").with(&["%s", "two"]);

        assert_eq!(rejection.errors()[0].message.as_deref(), Some("%s and two"));
    }
}
