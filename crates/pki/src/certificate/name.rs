//! Distinguished names: their text (contract keymanager.md §6.3), single values
//! (contract keymanager.md §6.4), comparison (contract keymanager.md §7.2).

use std::borrow::Cow;
use std::fmt::Write as _;

use icu_normalizer::ComposingNormalizerBorrowed;
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
    /// `None` when a value is not text in the encoding that it claims.
    pub(crate) fn new(name: &X509Name<'_>) -> Option<Self> {
        let value = |one| {
            Some((
                AttributeTypeAndValue::attr_type(one).as_bytes().to_vec(),
                text_of(one)?,
            ))
        };
        let values = name.iter_attributes().map(value).collect::<Option<_>>()?;
        let comparable = comparable(name)?;
        let key = comparable.join(BETWEEN_NAMES);
        Some(Self {
            der: name.as_raw().to_vec(),
            values,
            comparable,
            key,
        })
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

    /// All values of all types.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(_, value)| value.as_str())
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
pub(crate) fn comparable(name: &X509Name<'_>) -> Option<Vec<String>> {
    let relative = name.iter().map(|relative| {
        let part = |one| {
            let value = folded(&text_of(one)?);
            Some(format!("{}={value}", AttributeTypeAndValue::attr_type(one)))
        };
        let mut parts: Vec<String> = relative.iter().map(part).collect::<Option<_>>()?;
        parts.sort();
        Some(parts.join(BETWEEN_ATTRIBUTES))
    });
    relative.collect()
}

/// Whether two texts look the same: a letter with an accent may be one character or two.
pub fn is_same_text(one: &str, other: &str) -> bool {
    composed(one) == composed(other)
}

/// Whether a text shows nothing: it has no character, or none but white space and marks without a
/// shape.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        let shapeless = matches!(
            c,
            '\u{ad}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2060}'..='\u{2064}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        );
        c.is_whitespace() || c.is_control() || shapeless
    })
}

/// The form NFC of Unicode.
fn composed(text: &str) -> Cow<'_, str> {
    ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

/// The separators of comparable names are escaped, or one value could pass for several.
fn folded(value: &str) -> String {
    let words: Vec<_> = value.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    composed(&text)
        .replace(BETWEEN_NAMES, "\\1")
        .replace(BETWEEN_ATTRIBUTES, "\\2")
}

/// The text of a value; `None` when it is none in the encoding that it claims. The older kinds of
/// strings hold anything in practice: UTF-8 where it is that, Latin-1 otherwise.
fn text_of(attribute: &AttributeTypeAndValue<'_>) -> Option<String> {
    let value = attribute.attr_value();
    let bytes = value.data;
    match value.tag() {
        Tag::Utf8String => String::from_utf8(bytes.to_vec()).ok(),
        Tag::PrintableString
        | Tag::NumericString
        | Tag::Ia5String
        | Tag::VisibleString
        | Tag::GeneralString
        | Tag::T61String => {
            let utf8 = String::from_utf8(bytes.to_vec());
            Some(utf8.unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect()))
        }
        Tag::BmpString => {
            let (pairs, rest) = bytes.as_chunks::<2>();
            let units = pairs.iter().copied().map(u16::from_be_bytes);
            let text: Result<String, _> = char::decode_utf16(units).collect();
            text.ok().filter(|_| rest.is_empty())
        }
        Tag::UniversalString => {
            let (fours, rest) = bytes.as_chunks::<4>();
            let text = fours
                .iter()
                .copied()
                .map(u32::from_be_bytes)
                .map(char::from_u32);
            text.collect::<Option<String>>().filter(|_| rest.is_empty())
        }
        _ => Some(format!("#{}", hex::encode(bytes))),
    }
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
mod tests;
