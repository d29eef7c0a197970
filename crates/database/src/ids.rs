//! Identifiers: random from the operating system, never derived, never reused.

use rand::TryRng;
use rand::rngs::SysRng;

use crate::DbError;

/// A random decimal id of 18 digits that never starts with 0.
///
/// The contract wants decimals of at most 36 characters (contract schema.md §1.4);
/// 18 digits keep the chance of a clash at a million rows below 10⁻⁶, and the
/// `INSERT` that uses the id fails on the clash that happens anyway.
///
/// # Errors
/// [`DbError::Internal`] when the operating system has no randomness.
pub fn decimal() -> Result<String, DbError> {
    const SPAN: u64 = 900_000_000_000_000_000;
    const LOWEST: u64 = 100_000_000_000_000_000;
    // BusinessError sampling: a bare remainder would favour small numbers.
    let fair = u64::MAX - u64::MAX % SPAN;
    loop {
        let number = SysRng.try_next_u64().map_err(no_randomness)?;
        if number < fair {
            return Ok((LOWEST + number % SPAN).to_string());
        }
    }
}

/// `length` random characters of `[0-9A-Za-z]`, about 5.95 bits each.
///
/// # Errors
/// [`DbError::Internal`] when the operating system has no randomness.
pub fn alphanumeric(length: usize) -> Result<String, DbError> {
    const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = String::with_capacity(length);
    let mut block = [0_u8; 64];
    while text.len() < length {
        SysRng.try_fill_bytes(&mut block).map_err(no_randomness)?;
        // 248 is the largest multiple of 62 in a byte; above it would be unfair.
        let fair = block.iter().filter(|byte| **byte < 248);
        text.extend(
            fair.filter_map(|byte| ALPHABET.get(usize::from(byte % 62)))
                .map(|byte| char::from(*byte))
                .take(length - text.len()),
        );
    }
    Ok(text)
}

/// A random UUID, version 4, in its usual text form.
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}

fn no_randomness(error: impl std::fmt::Display) -> DbError {
    DbError::Internal(format!("the operating system gives no randomness: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_have_18_digits() {
        let id = decimal().expect("randomness");

        assert_eq!(id.len(), 18);
        assert!(id.bytes().all(|byte| byte.is_ascii_digit()));
    }

    #[test]
    fn alphanumeric_ids_have_the_requested_length() {
        assert_eq!(alphanumeric(50).expect("randomness").len(), 50);
    }
}
