//! The registry of what may be used to capture biometrics: its states, and the
//! places in it (`docs/registry.md`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;

use crate::ErrorDef;

/// Anything unexpected.
pub const NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_REGISTRY_ERROR_001",
    "Error while fetching the device registry.",
);
/// A page of a state that is no more.
pub const STATE_PASSED: ErrorDef = ErrorDef::new(
    "PMS_REGISTRY_ERROR_002",
    "The device registry has changed since its first page was read. Read it again from the first page.",
);
/// A cursor that the registry did not give.
pub const CURSOR_INVALID: ErrorDef = ErrorDef::new(
    "PMS_REGISTRY_ERROR_003",
    "Invalid cursor of the device registry.",
);

/// Longest cursor that can be ours.
const LONGEST_CURSOR: usize = 512;

/// What distinguishes one state of the registry from all others. Each part only grows: the
/// first with every change of the rows, the others whenever something ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// How many changes there were.
    pub changes: i64,
    /// The end of the SBI that ended last.
    pub sbi_ended: Option<NaiveDateTime>,
    /// The end of the chip certificate that ended last.
    pub certificate_ended: Option<NaiveDateTime>,
}

impl State {
    /// The state as clients see it: an opaque text.
    pub fn tag(&self) -> String {
        let micros = |at: Option<NaiveDateTime>| {
            at.map_or_else(
                || "n".to_owned(),
                |at| format!("{:x}", at.and_utc().timestamp_micros()),
            )
        };
        format!(
            "{:x}.{}.{}",
            self.changes,
            micros(self.sbi_ended),
            micros(self.certificate_ended)
        )
    }
}

/// A place in the registry: SBIs come first, each with its devices, then chips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// After this device of this SBI; after those before its first device when the
    /// device is empty.
    Device {
        /// Id of the SBI.
        sbi_id: String,
        /// Id of the device.
        device_id: String,
    },
    /// After this chip; before the first one when it is empty.
    Chip(String),
}

impl Place {
    /// Before everything.
    pub const fn start() -> Self {
        Self::Device {
            sbi_id: String::new(),
            device_id: String::new(),
        }
    }

    /// The cursor of the page that begins here, in the state with this tag.
    pub fn cursor(&self, tag: &str) -> String {
        let parts: [&str; 4] = match self {
            Self::Device { sbi_id, device_id } => [tag, "device", sbi_id, device_id],
            Self::Chip(id) => [tag, "chip", id, ""],
        };
        let text = serde_json::Value::from(parts.to_vec()).to_string();
        URL_SAFE_NO_PAD.encode(text)
    }

    /// The tag and the place that a cursor names.
    ///
    /// # Errors
    /// [`CURSOR_INVALID`] for any other text.
    pub fn of_cursor(cursor: &str) -> Result<(String, Self), ErrorDef> {
        if cursor.len() > LONGEST_CURSOR {
            return Err(CURSOR_INVALID);
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).or(Err(CURSOR_INVALID))?;
        let parts: [String; 4] = serde_json::from_slice(&bytes).or(Err(CURSOR_INVALID))?;
        if parts.iter().any(|part| part.contains('\0')) {
            return Err(CURSOR_INVALID);
        }
        let [tag, kind, first, second] = parts;
        match kind.as_str() {
            "device" => Ok((
                tag,
                Self::Device {
                    sbi_id: first,
                    device_id: second,
                },
            )),
            "chip" => Ok((tag, Self::Chip(first))),
            _ => Err(CURSOR_INVALID),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_part_of_a_state_shows_in_its_tag() {
        let at = |micros| chrono::DateTime::from_timestamp_micros(micros).map(|at| at.naive_utc());
        let state = |changes, sbi_ended, certificate_ended| State {
            changes,
            sbi_ended,
            certificate_ended,
        };
        let states = [
            state(1, None, None),
            state(2, None, None),
            state(1, at(1), None),
            state(1, None, at(1)),
            state(1, at(2), None),
            state(17, at(1), at(1)),
        ];
        for (index, one) in states.iter().enumerate() {
            for other in &states[index + 1..] {
                assert_ne!(one.tag(), other.tag());
            }
        }
        assert_eq!(state(17, at(255), None).tag(), "11.ff.n");
    }

    #[test]
    fn what_the_registry_did_not_give_is_no_cursor() {
        let encoded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        for wrong in [
            "",
            "x",
            "!!",
            &encoded("[]"),
            &encoded(r#"["t","sbi","a","b"]"#),
            &encoded(r#"["t","chip","a"]"#),
            &encoded(r#"["t","chip","a\u0000",""]"#),
            &"A".repeat(600),
        ] {
            assert_eq!(Place::of_cursor(wrong), Err(CURSOR_INVALID), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_names_its_place(
            tag in "[0-9a-f.n]{1,40}", sbi in "[^\u{0}]{0,36}", device in "[^\u{0}]{0,36}"
        ) {
            let places = [
                Place::Chip(sbi.clone()),
                Place::Device { sbi_id: sbi, device_id: device },
            ];
            for place in places {
                let cursor = place.cursor(&tag);
                if cursor.len() <= LONGEST_CURSOR {
                    prop_assert_eq!(Place::of_cursor(&cursor), Ok((tag.clone(), place)));
                }
            }
        }
    }
}
