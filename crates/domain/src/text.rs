//! What ids and names may be made of, wherever they are written.

use icu_properties::props::{
    DefaultIgnorableCodePoint, EmojiPresentation, ExtendedPictographic, GeneralCategory, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The rule of [`is_readable`] on control characters, as field violations word it.
const UNREADABLE: &str = "must not contain control characters";
/// Its rule on other characters without a look of their own.
const INVISIBLE: &str = "must not contain invisible or unknown characters";

/// Scripts that are written without joiners.
const WITHOUT_JOINERS: [Script; 15] = [
    Script::Armenian,
    Script::Bopomofo,
    Script::Cherokee,
    Script::Common,
    Script::Cyrillic,
    Script::Ethiopic,
    Script::Georgian,
    Script::Greek,
    Script::Han,
    Script::Hangul,
    Script::Hebrew,
    Script::Hiragana,
    Script::Inherited,
    Script::Katakana,
    Script::Latin,
];

/// Whether a text reads as it is stored: it has no control characters (category Cc, NUL
/// and line ends among them), none that turn the direction of writing, none that have no
/// look of their own (format characters, default-ignorable ones, separators of lines), and
/// none without a meaning (private use, unassigned).
///
/// With them, two ids that differ look alike, and one can look like another. Every script
/// is welcome, so joiners (U+200C, U+200D) stand behind letters of scripts that use them,
/// and the variants of Mongolian behind its letters; and so are emoji, with joiners and the
/// sign that makes an emoji of a symbol (U+FE0F).
pub fn is_readable(text: &str) -> bool {
    hidden(text).is_none()
}

/// The first character that does not read as it is stored.
fn hidden(text: &str) -> Option<char> {
    // What stands before, and the same without what only colours an emoji.
    let (mut before, mut base) = (None, None);
    for c in text.chars() {
        if is_hidden(c, before, base) {
            return Some(c);
        }
        let colours = matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
        before = Some(c);
        if !(colours && base.is_some_and(is_pictogram)) {
            base = before;
        }
    }
    None
}

fn is_hidden(c: char, before: Option<char>, base: Option<char>) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match c {
        '\u{200c}' => !before.is_some_and(is_joined),
        '\u{200d}' => !base.is_some_and(|letter| is_joined(letter) || is_pictogram(letter)),
        '\u{fe0f}' => !before.is_some_and(|symbol| is_pictogram(symbol) && !is_emoji(symbol)),
        '\u{180b}'..='\u{180f}' => before.is_none_or(|c| script(c) != Script::Mongolian),
        _ => has_no_look(c),
    }
}

/// Whether letters of this one's script are joined, or kept apart, by characters of their
/// own.
fn is_joined(letter: char) -> bool {
    !WITHOUT_JOINERS.contains(&script(letter))
}

fn script(letter: char) -> Script {
    CodePointMapData::<Script>::new().get(letter)
}

fn is_pictogram(symbol: char) -> bool {
    CodePointSetData::new::<ExtendedPictographic>().contains(symbol)
}

/// Whether a symbol is an emoji without more ado.
fn is_emoji(symbol: char) -> bool {
    CodePointSetData::new::<EmojiPresentation>().contains(symbol)
}

fn has_no_look(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    matches!(
        category,
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    ) || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// The rule that [`broken_rule`] checks first, as field violations word it.
pub const MARKUP: &str = "must not contain < or >";

/// The first rule that a new id or name breaks, as field violations word it: it is
/// no markup, since the portal shows names as HTML and one with `<` would run as a
/// script in an administrator's browser (contract portal.md §3.7); and it
/// [reads as it is stored](is_readable).
pub fn broken_rule(name: &str) -> Option<&'static str> {
    if name.contains(['<', '>']) {
        return Some(MARKUP);
    }
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    hidden(name).map(|c| {
        if c.is_control() || turns(c) {
            UNREADABLE
        } else {
            INVISIBLE
        }
    })
}

/// A text without blanks at its ends, and with one space where there was white
/// space inside, so that two texts that look alike are alike.
pub fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as it was sent, and as it is stored: [`normalised`]. The reference stored it
/// as sent, so look-ups among its rows need both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    sent: String,
    normal: String,
}

impl Spelling {
    /// Of a text that was sent.
    pub fn new(sent: String) -> Self {
        let normal = normalised(&sent);
        Self { sent, normal }
    }

    /// As it was sent.
    pub fn sent(&self) -> &str {
        &self.sent
    }

    /// Without surplus blanks, as it is stored.
    pub fn normal(&self) -> &str {
        &self.normal
    }
}

#[cfg(test)]
mod tests;
