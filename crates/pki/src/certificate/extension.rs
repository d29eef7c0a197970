//! The extensions that path building and the rules look at.

use std::collections::HashSet;

use x509_parser::extensions::{
    GeneralName as ParsedName, NameConstraints as ParsedConstraints, ParsedExtension, X509Extension,
};
use x509_parser::x509::X509Name;

use super::{CertificateFault, name, oid};
use crate::der;
use crate::reading::ber;

/// `BasicConstraints`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a certificate authority.
    pub ca: bool,
    /// How many certificates that are not self-issued may stand between it and a leaf.
    pub path_length: Option<u32>,
}

/// The bits of `KeyUsage` that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyUsage {
    /// `digitalSignature`
    pub digital_signature: bool,
    /// `keyEncipherment`
    pub key_encipherment: bool,
    /// `keyCertSign`
    pub key_cert_sign: bool,
    /// `cRLSign`
    pub crl_sign: bool,
}

/// A name in an alternative name or a name constraint; texts are in lower case, since they are
/// compared with many others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GeneralName {
    Email(String),
    Dns(String),
    Uri(String),
    Ip(Vec<u8>),
    /// Comparable relative names, see [`super::Name::comparable`].
    Directory(Vec<String>),
    /// A kind that can not be compared.
    Other,
}

/// `NameConstraints`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NameConstraints {
    pub(crate) permitted: Vec<GeneralName>,
    pub(crate) excluded: Vec<GeneralName>,
}

/// What a certificate's extensions say; absent ones are `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extensions {
    /// `BasicConstraints`.
    pub basic_constraints: Option<BasicConstraints>,
    /// `KeyUsage`.
    pub key_usage: Option<KeyUsage>,
    /// `SubjectKeyIdentifier`.
    pub subject_key_id: Option<Vec<u8>>,
    /// The key identifier of `AuthorityKeyIdentifier`.
    pub authority_key_id: Option<Vec<u8>>,
    /// Whether a critical extension is present that path building does not process.
    pub unknown_critical: bool,
    pub(crate) alternative_names: Vec<GeneralName>,
    pub(crate) name_constraints: Option<NameConstraints>,
}

const BOOLEAN: u8 = 0x01;

/// Critical extensions that a path may contain.
const PROCESSED: [&[u8]; 9] = [
    oid::KEY_USAGE,
    oid::ALTERNATIVE_NAME,
    oid::BASIC_CONSTRAINTS,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::EXTENDED_KEY_USAGE,
    oid::INHIBIT_ANY_POLICY,
];

/// Extensions besides `BasicConstraints` that say what the subject may do.
const DECISIVE: [&[u8]; 2] = [oid::KEY_USAGE, oid::NAME_CONSTRAINTS];

impl Extensions {
    /// A malformed extension is ignored, unless it is critical or says what the subject may do:
    /// others refuse the certificate for these.
    pub(super) fn new(list: &[X509Extension<'_>]) -> Result<Self, CertificateFault> {
        let mut extensions = Self::default();
        let mut seen = HashSet::with_capacity(list.len());
        for one in list {
            let oid = one.oid.as_bytes();
            if !seen.insert(oid) {
                return Err(CertificateFault::DuplicateExtension);
            }
            extensions.unknown_critical |= one.critical && !PROCESSED.contains(&oid);
            if oid == oid::BASIC_CONSTRAINTS {
                let found = basic_constraints(one.value);
                extensions.basic_constraints =
                    Some(found.ok_or(CertificateFault::MalformedExtension)?);
                continue;
            }
            let matters = one.critical || DECISIVE.contains(&oid);
            if matters && one.parsed_extension().error().is_some() {
                return Err(CertificateFault::MalformedExtension);
            }
            extensions.take(one.parsed_extension());
        }
        Ok(extensions)
    }

    fn take(&mut self, extension: &ParsedExtension<'_>) {
        match extension {
            ParsedExtension::KeyUsage(found) => {
                self.key_usage = Some(KeyUsage {
                    digital_signature: found.digital_signature(),
                    key_encipherment: found.key_encipherment(),
                    key_cert_sign: found.key_cert_sign(),
                    crl_sign: found.crl_sign(),
                });
            }
            ParsedExtension::SubjectKeyIdentifier(found) => {
                self.subject_key_id = Some(found.0.to_vec());
            }
            ParsedExtension::AuthorityKeyIdentifier(found) => {
                self.authority_key_id = found.key_identifier.as_ref().map(|id| id.0.to_vec());
            }
            ParsedExtension::SubjectAlternativeName(found) => {
                self.alternative_names = found.general_names.iter().map(general_name).collect();
            }
            ParsedExtension::NameConstraints(found) => {
                self.name_constraints = Some(name_constraints(found));
            }
            _ => {}
        }
    }
}

/// A SEQUENCE of an optional BOOLEAN and an optional INTEGER. Any octet but 0 is true, as authorities
/// write it that know no DER; a path length that no path can have is no limit.
fn basic_constraints(value: &[u8]) -> Option<BasicConstraints> {
    let (outer, behind) = ber::read(value)?;
    let mut rest = outer.content;
    let mut next = |tag: u8| {
        let (element, behind) = ber::read(rest).filter(|(element, _)| element.tag == tag)?;
        rest = behind;
        Some(element.content)
    };
    let flag = next(BOOLEAN);
    let length = next(der::INTEGER);
    if outer.tag != der::SEQUENCE || !behind.is_empty() || !rest.is_empty() {
        return None;
    }
    let ca = match flag {
        None => false,
        Some([octet]) => *octet != 0,
        Some(_) => return None,
    };
    let path_length = match length {
        None => None,
        Some([] | [0x80..=0xff, ..]) => return None,
        Some(digits) => Some(digits.iter().fold(0_u32, |sum, digit| {
            sum.saturating_mul(0x100).saturating_add(u32::from(*digit))
        })),
    };
    Some(BasicConstraints { ca, path_length })
}

fn name_constraints(parsed: &ParsedConstraints<'_>) -> NameConstraints {
    let permitted = parsed.permitted_subtrees.iter().flatten();
    let excluded = parsed.excluded_subtrees.iter().flatten();
    NameConstraints {
        permitted: permitted
            .map(|subtree| general_name(&subtree.base))
            .collect(),
        excluded: excluded
            .map(|subtree| general_name(&subtree.base))
            .collect(),
    }
}

fn general_name(parsed: &ParsedName<'_>) -> GeneralName {
    match parsed {
        ParsedName::RFC822Name(text) => GeneralName::Email(text.to_lowercase()),
        ParsedName::DNSName(text) => GeneralName::Dns(text.to_lowercase()),
        ParsedName::URI(text) => GeneralName::Uri(text.to_lowercase()),
        ParsedName::IPAddress(bytes) => GeneralName::Ip(bytes.to_vec()),
        ParsedName::DirectoryName(name) => directory(name),
        _ => GeneralName::Other,
    }
}

fn directory(parsed: &X509Name<'_>) -> GeneralName {
    name::comparable(parsed).map_or(GeneralName::Other, GeneralName::Directory)
}
