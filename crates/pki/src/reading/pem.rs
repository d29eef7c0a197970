//! PEM as the key manager reads it (contract keymanager.md §6.1), and as it comes out of editors,
//! YAML files and variables: behind a byte-order mark, indented, in one line, with `\n` written out.

use std::borrow::Cow;

use base64::Engine as _;

use super::base64_text::LENIENT_STANDARD;

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";
/// Longest label of a block, in bytes.
const MAX_LABEL: usize = 64;

/// One armoured block.
pub(super) struct Block<'a> {
    /// What the armour says it is; not checked by the reference.
    pub(super) label: &'a str,
    /// The decoded body.
    pub(super) body: Vec<u8>,
}

/// Why there is no block, or it can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PemFault<'a> {
    /// Nothing starts an armour.
    NoBlock,
    /// The armour with this label is never closed.
    NoEnd(&'a str),
    /// The body is not base64.
    NotBase64,
}

/// The blocks of a text, in order. A block that can't be used does not end them.
pub(super) struct Blocks<'a> {
    rest: &'a str,
}

/// `text` with line ends where it has `\n`, `\r` or `\r\n` written out. Base64 has no backslash, so
/// nothing else can be meant.
pub(super) fn with_line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\\') {
        Cow::Owned(text.replace("\\r", "\r").replace("\\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Reads `text` block by block; anything between blocks is skipped.
pub(super) fn blocks(text: &str) -> Blocks<'_> {
    Blocks { rest: text }
}

/// The first block of `text`.
pub(super) fn first_block(text: &str) -> Result<Block<'_>, PemFault<'_>> {
    blocks(text).next().unwrap_or(Err(PemFault::NoBlock))
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, PemFault<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (_, opened) = self.rest.split_once(BEGIN)?;
            self.rest = opened;
            let Some((label, inside)) = label(opened) else {
                continue;
            };
            // Looked for up to the next block only: a text of nothing but beginnings is read once.
            let until = inside.find(BEGIN).unwrap_or(inside.len());
            let (part, behind) = inside.split_at_checked(until).unwrap_or((inside, ""));
            let closing = format!("-----END {label}");
            let Some((body, _)) = part.split_once(&closing) else {
                self.rest = behind;
                return Some(Err(PemFault::NoEnd(label)));
            };
            self.rest = behind;
            return Some(match decoded(body) {
                Some(body) => Ok(Block { label, body }),
                None => Err(PemFault::NotBase64),
            });
        }
    }
}

/// The label at the start of `opened`, and what follows its armour.
fn label(opened: &str) -> Option<(&str, &str)> {
    let (label, inside) = opened.split_once(DASHES)?;
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let label = label.trim();
    let fits = !label.is_empty() && label.len() <= MAX_LABEL && label.chars().all(plain);
    fits.then_some((label, inside))
}

fn decoded(body: &str) -> Option<Vec<u8>> {
    let mut text = String::with_capacity(body.len());
    // Lines with a colon are headers in the style of RFC 1421.
    for line in body.split(['\n', '\r']).filter(|line| !line.contains(':')) {
        text.extend(line.chars().filter(|c| !is_blank(*c)));
    }
    LENIENT_STANDARD.decode(&text).ok()
}

/// White space, and what editors and web pages put between characters without a trace.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}
