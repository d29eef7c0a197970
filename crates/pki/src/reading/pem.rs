//! PEM as the key manager reads it (contract keymanager.md §6.1).

use base64::Engine as _;

use super::base64_text::LENIENT_STANDARD;

const BEGIN: &str = "-----BEGIN ";

/// One armoured block.
pub(super) struct Block {
    /// The decoded body.
    pub(super) body: Vec<u8>,
}

/// Why there is no block.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PemFault {
    /// No line starts an armour.
    NoBlock,
    /// The armour is never closed; holds the line that was looked for.
    NoEnd(String),
    /// The body is not base64.
    NotBase64,
}

/// The blocks of a text, in order; ends at the first fault.
pub(super) struct Blocks<'a> {
    lines: std::str::Split<'a, [char; 2]>,
    failed: bool,
}

/// Reads `text` block by block; anything between blocks is skipped.
pub(super) fn blocks(text: &str) -> Blocks<'_> {
    Blocks {
        lines: text.split(['\n', '\r']),
        failed: false,
    }
}

/// The first block of `text`.
pub(super) fn first_block(text: &str) -> Result<Block, PemFault> {
    blocks(text).next().unwrap_or(Err(PemFault::NoBlock))
}

impl Iterator for Blocks<'_> {
    type Item = Result<Block, PemFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let opening = self.lines.find(|line| line.starts_with(BEGIN))?;
        let block = label(opening)
            .ok_or(PemFault::NoBlock)
            .and_then(|label| self.body(label));
        self.failed = block.is_err();
        Some(block)
    }
}

impl Blocks<'_> {
    fn body(&mut self, label: &str) -> Result<Block, PemFault> {
        let closing = format!("-----END {label}");
        let mut text = String::new();
        for line in self.lines.by_ref() {
            if line.contains(&closing) {
                let body = LENIENT_STANDARD
                    .decode(&text)
                    .or(Err(PemFault::NotBase64))?;
                return Ok(Block { body });
            }
            // Lines with a colon are headers in the style of RFC 1421.
            if !line.contains(':') {
                text.extend(line.chars().filter(|c| !c.is_whitespace()));
            }
        }
        Err(PemFault::NoEnd(closing))
    }
}

/// The label of a line that starts with [`BEGIN`], when nothing follows its armour.
fn label(line: &str) -> Option<&str> {
    let (label, armour) = line.strip_prefix(BEGIN)?.trim().split_once('-')?;
    (armour == "----" && !label.is_empty()).then_some(label)
}
