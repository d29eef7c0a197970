//! Distinguished names: their text (contract keymanager.md §6.3), single values
//! (contract keymanager.md §6.4), comparison (contract keymanager.md §7.2).

use std::fmt::Write as _;

use x509_parser::asn1_rs::Tag;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use super::oid;

/// Separators of comparable texts.
const BETWEEN_NAMES: &str = "\u{1}";
const BETWEEN_ATTRIBUTES: &str = "\u{2}";

/// The attributes that the key manager knows, in the order of its text form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// `CN`
    CommonName,
    /// `OU`
    OrganizationalUnit,
    /// `O`
    Organization,
    /// `L`
    Locality,
    /// `ST`
    State,
    /// `C`
    Country,
}

impl Attribute {
    /// All six, in the order of the text form.
    pub const ALL: [Self; 6] = [
        Self::CommonName,
        Self::OrganizationalUnit,
        Self::Organization,
        Self::Locality,
        Self::State,
        Self::Country,
    ];

    /// The key word in front of the value.
    pub const fn key_word(self) -> &'static str {
        match self {
            Self::CommonName => "CN",
            Self::OrganizationalUnit => "OU",
            Self::Organization => "O",
            Self::Locality => "L",
            Self::State => "ST",
            Self::Country => "C",
        }
    }

    pub(crate) const fn oid(self) -> &'static [u8] {
        match self {
            Self::CommonName => oid::COMMON_NAME,
            Self::OrganizationalUnit => oid::ORGANIZATIONAL_UNIT,
            Self::Organization => oid::ORGANIZATION,
            Self::Locality => oid::LOCALITY,
            Self::State => oid::STATE,
            Self::Country => oid::COUNTRY,
        }
    }
}

/// The subject or issuer of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    der: Vec<u8>,
    /// Type and value, in the order of the encoding.
    values: Vec<(Vec<u8>, String)>,
    /// One comparable text per relative name, in the order of the encoding.
    comparable: Vec<String>,
    key: String,
}

impl Name {
    pub(crate) fn new(name: &X509Name<'_>) -> Self {
        let values = name
            .iter_attributes()
            .map(|one| (one.attr_type().as_bytes().to_vec(), text_of(one)))
            .collect();
        let comparable = comparable(name);
        let key = comparable.join(BETWEEN_NAMES);
        Self {
            der: name.as_raw().to_vec(),
            values,
            comparable,
            key,
        }
    }

    /// The name as encoded.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// `CN=..,OU=..,O=..,L=..,ST=..,C=..`: known types only, absent ones skipped, escaped
    /// (contract keymanager.md §6.3).
    pub fn text(&self) -> String {
        let mut text = String::new();
        for attribute in Attribute::ALL {
            if let Some(value) = self.first(attribute) {
                let comma = if text.is_empty() { "" } else { "," };
                let _ = write!(text, "{comma}{}={}", attribute.key_word(), escaped(value));
            }
        }
        text
    }

    /// The value that stands last in the encoding, which is first in RFC 2253 text; not escaped.
    pub fn first(&self, attribute: Attribute) -> Option<&str> {
        self.all(attribute).next_back()
    }

    /// All values of a type, in the order of the encoding; not escaped.
    pub fn all(&self, attribute: Attribute) -> impl DoubleEndedIterator<Item = &str> {
        self.of_type(attribute.oid())
    }

    pub(crate) fn of_type(&self, kind: &'static [u8]) -> impl DoubleEndedIterator<Item = &str> {
        self.values
            .iter()
            .filter(move |(one, _)| one == kind)
            .map(|(_, value)| value.as_str())
    }

    /// Equal for names that chain: case, white space and string types do not matter
    /// (contract keymanager.md §7.2).
    pub fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn comparable(&self) -> &[String] {
        &self.comparable
    }

    /// Whether the name has no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// One text per relative name; the attributes of a multi-valued one are sorted.
pub(crate) fn comparable(name: &X509Name<'_>) -> Vec<String> {
    let relative = name.iter().map(|relative| {
        let mut parts: Vec<String> = relative
            .iter()
            .map(|one| format!("{}={}", one.attr_type(), folded(&text_of(one))))
            .collect();
        parts.sort();
        parts.join(BETWEEN_ATTRIBUTES)
    });
    relative.collect()
}

/// The separators of comparable names are escaped, or one value could pass for several.
fn folded(value: &str) -> String {
    let words: Vec<_> = value.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    text.replace(BETWEEN_NAMES, "\\1")
        .replace(BETWEEN_ATTRIBUTES, "\\2")
}

fn text_of(attribute: &AttributeTypeAndValue<'_>) -> String {
    let value = attribute.attr_value();
    let bytes = value.data;
    match value.tag() {
        Tag::Utf8String
        | Tag::PrintableString
        | Tag::NumericString
        | Tag::Ia5String
        | Tag::VisibleString
        | Tag::GeneralString => String::from_utf8_lossy(bytes).into_owned(),
        Tag::T61String => bytes.iter().copied().map(char::from).collect(),
        Tag::BmpString => {
            let units = bytes
                .chunks(2)
                .map(number)
                .filter_map(|n| u16::try_from(n).ok());
            char::decode_utf16(units)
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        Tag::UniversalString => bytes
            .chunks(4)
            .map(|four| char::from_u32(number(four)).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
        _ => format!("#{}", hex::encode(bytes)),
    }
}

fn number(big_endian: &[u8]) -> u32 {
    big_endian
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

/// RFC 2253 escapes, and `=` as well.
fn escaped(value: &str) -> String {
    let inner = value.trim_matches(' ');
    let leading = value.len() - value.trim_start_matches(' ').len();
    let trailing = value.len() - leading - inner.len();
    let mut text = "\\ ".repeat(leading);
    if leading == 0 && inner.starts_with('#') {
        text.push('\\');
    }
    for c in inner.chars() {
        if matches!(c, ',' | '"' | '\\' | '+' | '=' | '<' | '>' | ';') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push_str(&"\\ ".repeat(trailing));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(escaped("Acme, Inc."), "Acme\\, Inc.");
        assert_eq!(escaped(r#"a+b="c"<d>;\"#), r#"a\+b\=\"c\"\<d\>\;\\"#);
        assert_eq!(escaped("#1 and #2"), "\\#1 and #2");
        assert_eq!(escaped(" a b  "), "\\ a b\\ \\ ");
        assert_eq!(escaped("  "), "\\ \\ ");
    }

    #[test]
    fn case_and_white_space_do_not_count_in_comparison() {
        assert_eq!(folded("  ACME   Ltd "), folded("acme ltd"));
        assert_ne!(folded("acmeltd"), folded("acme ltd"));
    }

    #[test]
    fn a_value_holds_no_separator_of_names_or_attributes() {
        let value = folded("Acme\u{1}2.5.4.3=root\u{2}2.5.4.6=in");

        assert!(!value.contains(['\u{1}', '\u{2}']), "{value:?}");
    }
}
