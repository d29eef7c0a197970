//! Tokens that a stand-in takes for expired.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Tokens that are remembered at most, in each of the two lists.
const MOST: usize = 1_000;

/// The tokens that were shown, and those of them that are expired now.
#[derive(Default)]
pub struct Tokens(Mutex<Lists>);

#[derive(Default)]
struct Lists {
    seen: VecDeque<String>,
    expired: VecDeque<String>,
}

impl Tokens {
    /// Takes note of a token; whether it has not been made to expire.
    pub fn see(&self, token: &str) -> bool {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.expired.iter().any(|known| known == token) {
            return false;
        }
        if !lists.seen.iter().any(|known| known == token) {
            keep(&mut lists.seen, token.to_owned());
        }
        true
    }

    /// Makes every token expire that was shown so far.
    pub fn expire(&self) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for token in std::mem::take(&mut lists.seen) {
            keep(&mut lists.expired, token);
        }
    }
}

fn keep(list: &mut VecDeque<String>, token: String) {
    list.push_back(token);
    if list.len() > MOST {
        list.pop_front();
    }
}
