//! A position in a template.

use super::{DEEPEST, TemplateError};

/// Reads a text from left to right.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str, depth: usize) -> Self {
        Self { text, at: 0, depth }
    }

    /// Bytes read so far.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Returns to a position that [`Lexer::at`] gave.
    pub(super) const fn back_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// What was read since a position.
    pub(super) fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.at += found.len_utf8();
        Some(found)
    }

    /// Reads `wanted` if it comes next.
    pub(super) fn eat(&mut self, wanted: &str) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    pub(super) fn expect(&mut self, wanted: &str) -> Result<(), TemplateError> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }

    /// Reads while `wanted` holds.
    pub(super) fn while_(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let from = self.at;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        self.since(from)
    }

    pub(super) fn skip_spaces(&mut self) {
        self.while_(char::is_whitespace);
    }

    /// Reads the rest of a line that holds nothing else.
    pub(super) fn skip_line_end(&mut self) {
        let from = self.at;
        self.while_(|c| c == ' ' || c == '\t');
        if !self.eat("\n") && !self.eat("\r\n") {
            self.at = from;
        }
    }

    /// Reads a name, if one comes next.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        if !self.peek()?.is_ascii_alphabetic() && self.peek()? != '_' {
            return None;
        }
        Some(self.while_(|c| c.is_ascii_alphanumeric() || c == '_'))
    }

    pub(super) const fn malformed(&self) -> TemplateError {
        TemplateError::Malformed(self.at)
    }

    pub(super) const fn depth(&self) -> usize {
        self.depth
    }

    /// Goes one level deeper for `work`.
    pub(super) fn nested<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        if self.depth >= DEEPEST {
            return Err(TemplateError::TooDeep);
        }
        self.depth += 1;
        let outcome = work(self);
        self.depth -= 1;
        outcome
    }
}
