//! Telling cipher text from plain text by its structure (contract keymanager.md §11).
//!
//! ```text
//! base64( ["VER_R2"] ‖ [SHA-256 of the certificate] ‖ RSA-OAEP(AES key) ‖ "#KEY_SPLITTER#" ‖ … )
//! ```
//! Key managers of 1.1.5 write no header, and those before them no SHA-256 either.

use base64::Engine as _;

use super::{ORDINARY, URL_SAFE};

const HEADER: &[u8] = b"VER_R2";
const SPLITTER: &[u8] = b"#KEY_SPLITTER#";
const THUMBPRINT: usize = 32;
/// Bytes of an AES key encrypted with RSA of 2048, 3072 and 4096 bits.
const WRAPPED_KEYS: [usize; 3] = [256, 384, 512];
/// Characters of the shortest cipher text: a key, the splitter, the tag of no data.
const SHORTEST: usize = (256 + 14 + 16) * 4 / 3;
/// Characters in which the splitter must come; whole groups of four.
const LOOKED_AT: usize = (6 + THUMBPRINT + 512 + 14) / 3 * 4;

/// Whether a column holds a cipher text of the contract. What people write is
/// told by its length or its first other character, and costs no call.
pub fn is_sealed(column: &str) -> bool {
    if column.len() < SHORTEST {
        return false;
    }
    let text = column.as_bytes();
    let head = text.get(..LOOKED_AT).unwrap_or(text);
    let decoded = URL_SAFE.decode(head).or_else(|_| ORDINARY.decode(head));
    let Ok(bytes) = decoded else { return false };
    let split_at = |before: usize| {
        let mut places = WRAPPED_KEYS.iter().map(|key| before + key);
        places.any(|place| {
            bytes
                .get(place..)
                .is_some_and(|rest| rest.starts_with(SPLITTER))
        })
    };
    if bytes.starts_with(HEADER) {
        split_at(HEADER.len() + THUMBPRINT)
    } else {
        split_at(THUMBPRINT) || split_at(0)
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{
        STANDARD, STANDARD_NO_PAD, URL_SAFE as PADDED, URL_SAFE_NO_PAD,
    };

    use super::*;

    /// Bytes that need both characters in which the alphabets differ.
    fn envelope(before: &[u8], key: usize, data: usize) -> Vec<u8> {
        let noise = |length: usize| b"\xfb\xef\xff".repeat(length)[..length].to_vec();
        [before, &noise(key), SPLITTER, &noise(data)].concat()
    }

    fn texts(bytes: &[u8]) -> [String; 4] {
        [
            PADDED.encode(bytes),
            URL_SAFE_NO_PAD.encode(bytes),
            STANDARD.encode(bytes),
            STANDARD_NO_PAD.encode(bytes),
        ]
    }

    #[test]
    fn every_layout_of_the_platform_is_known_in_each_way_of_writing_it() {
        let thumbprint = [7; THUMBPRINT];
        let header = [HEADER, &thumbprint].concat();
        for before in [&header[..], &thumbprint, &[]] {
            for key in WRAPPED_KEYS {
                for data in [16, 17, 18, 5000] {
                    for text in texts(&envelope(before, key, data)) {
                        assert!(is_sealed(&text), "{text}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_people_write_is_plain() {
        let long = "12 Long Street, 3rd floor, the door on the left; ".repeat(200);
        let word = "abcdefgh".repeat(1000);
        for text in ["", "9876543210", "info@acme.org", "VkVSX1Iy", &long, &word] {
            assert!(!is_sealed(text), "{text}");
        }
    }

    #[test]
    fn the_splitter_counts_only_in_its_place() {
        let header = [HEADER, &[7; THUMBPRINT]].concat();
        for (before, key) in [
            (&header[..], 255),
            (&header, 257),
            (&[7; THUMBPRINT], 250),
            (&[7; THUMBPRINT], 1000),
            (HEADER, 256),
        ] {
            for text in texts(&envelope(before, key, 100)) {
                assert!(!is_sealed(&text), "{text}");
            }
        }
        let [mut sealed, ..] = texts(&envelope(&header, 256, 100));
        assert!(!is_sealed(&format!("é{sealed}")));
        sealed.truncate(400);
        assert!(!is_sealed(&sealed), "cut off before the splitter");
        assert!(!is_sealed(&"é".repeat(500)));
    }
}
