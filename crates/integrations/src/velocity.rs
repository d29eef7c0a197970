//! The part of the Velocity template language that mails use
//! (contract integrations.md §3.2): references, `#if`, `#set` and `#foreach`.
//!
//! Templates come from another system, so everything is bounded: their size,
//! their nesting, the work and the output. Nothing here panics or reaches
//! anything but the variables that it is given.

mod ast;
mod expressions;
mod lexer;
mod parser;
mod run;
mod values;

use serde_json::{Map, Value};

/// Longest template, in bytes.
pub const LONGEST_TEMPLATE: usize = 256 * 1024;
/// Longest output, in bytes.
pub const LONGEST_OUTPUT: usize = 512 * 1024;
/// Most rounds of all loops together.
pub const MOST_ROUNDS: usize = 10_000;
/// Deepest nesting of directives, expressions and values.
pub const DEEPEST: usize = 32;

/// Why a template can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is longer than [`LONGEST_TEMPLATE`].
    #[error("the template is too long")]
    TooLong,
    /// Something is nested deeper than [`DEEPEST`].
    #[error("the template is nested too deeply")]
    TooDeep,
    /// A directive is not written as it should be.
    #[error("the template is malformed at byte {0}")]
    Malformed(usize),
    /// It takes more work or makes more output than is allowed.
    #[error("the template takes too much work")]
    TooMuch,
}

/// A template that can be merged with variables.
#[derive(Debug, Clone)]
pub struct Template(Vec<ast::Node>);

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// When it is too long, nested too deeply, or malformed.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > LONGEST_TEMPLATE {
            return Err(TemplateError::TooLong);
        }
        parser::parse(text).map(Self)
    }

    /// Merges it with variables. A reference to nothing stays as it is written.
    ///
    /// # Errors
    /// When that takes too much work.
    pub fn merge(&self, variables: &Map<String, Value>) -> Result<String, TemplateError> {
        run::run(&self.0, variables)
    }
}

/// [`Template::parse`] and [`Template::merge`].
///
/// # Errors
/// As these.
pub fn merge(text: &str, variables: &Map<String, Value>) -> Result<String, TemplateError> {
    Template::parse(text)?.merge(variables)
}
