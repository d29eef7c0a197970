//! Subjects of issued certificates (contract keymanager.md §4, §9.1).

use crate::certificate::{Attribute, Name};
use crate::der;

/// The six attributes that an issued certificate can have, one value each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// `CN`
    pub common_name: Option<String>,
    /// `OU`
    pub organizational_unit: Option<String>,
    /// `O`
    pub organization: Option<String>,
    /// `L`
    pub locality: Option<String>,
    /// `ST`
    pub state: Option<String>,
    /// `C`
    pub country: Option<String>,
}

/// The order in the encoding.
const ENCODED: [Attribute; 6] = [
    Attribute::Country,
    Attribute::State,
    Attribute::Locality,
    Attribute::Organization,
    Attribute::OrganizationalUnit,
    Attribute::CommonName,
];

impl Subject {
    /// The known attributes of `name` with their plain values; all others are dropped.
    pub fn of(name: &Name) -> Self {
        let value = |attribute| name.first(attribute).map(str::to_owned);
        Self {
            common_name: value(Attribute::CommonName),
            organizational_unit: value(Attribute::OrganizationalUnit),
            organization: value(Attribute::Organization),
            locality: value(Attribute::Locality),
            state: value(Attribute::State),
            country: value(Attribute::Country),
        }
    }

    /// The same subject for the master key of an application: CN = `<CN> (<APP>)`, with a
    /// reference `<CN> (<APP>-<REF>)`, both in upper case.
    #[must_use]
    pub fn for_master_key(&self, app_id: &str, ref_id: &str) -> Self {
        let dash = if ref_id.is_empty() { "" } else { "-" };
        let key = format!("{app_id}{dash}{ref_id}").to_uppercase();
        let common_name = self.common_name.as_deref().unwrap_or_default();
        Self {
            common_name: Some(format!("{common_name} ({key})")),
            ..self.clone()
        }
    }

    /// The same subject for a base key: CN = `<app>-<ref>`.
    #[must_use]
    pub fn for_base_key(&self, app_id: &str, ref_id: &str) -> Self {
        Self {
            common_name: Some(format!("{app_id}-{ref_id}")),
            ..self.clone()
        }
    }

    fn value(&self, attribute: Attribute) -> Option<&str> {
        let value = match attribute {
            Attribute::CommonName => &self.common_name,
            Attribute::OrganizationalUnit => &self.organizational_unit,
            Attribute::Organization => &self.organization,
            Attribute::Locality => &self.locality,
            Attribute::State => &self.state,
            Attribute::Country => &self.country,
        };
        value.as_deref().filter(|value| !value.is_empty())
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let relative: Vec<_> = ENCODED
            .iter()
            .filter_map(|attribute| Some(relative(*attribute, self.value(*attribute)?)))
            .collect();
        der::element(
            der::SEQUENCE,
            &relative.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        )
    }
}

fn relative(attribute: Attribute, value: &str) -> Vec<u8> {
    let kind = match attribute {
        Attribute::Country if is_printable(value) => der::PRINTABLE_STRING,
        _ => der::UTF8_STRING,
    };
    let value = der::element(kind, &[value.as_bytes()]);
    let pair = der::element(
        der::SEQUENCE,
        &[&der::object_identifier(attribute.oid()), &value],
    );
    der::element(der::SET, &[&pair])
}

/// Whether a `PrintableString` can hold `value`.
fn is_printable(value: &str) -> bool {
    value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c))
}
