//! The newest things of a kind, a bounded number of them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most things that are kept.
const MOST: usize = 2_000;
/// Bytes that they may take together.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// The last entries; the oldest make room for a new one.
pub struct Newest<T>(Mutex<Kept<T>>);

struct Kept<T> {
    bytes: usize,
    things: VecDeque<(usize, T)>,
}

impl<T> Kept<T> {
    fn push(&mut self, thing: T, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.things.push_back((bytes, thing));
        while self.things.len() > MOST || self.bytes > MOST_BYTES {
            let Some((freed, _oldest)) = self.things.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(freed);
        }
    }
}

impl<T> Default for Newest<T> {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            bytes: 0,
            things: VecDeque::new(),
        }))
    }
}

impl<T> Newest<T> {
    /// Keeps one more thing, of about so many bytes.
    pub fn push(&self, thing: T, bytes: usize) {
        self.lock().push(thing, bytes);
    }

    /// Keeps one more thing, unless `conflict` finds a reason against it in one
    /// that is kept.
    ///
    /// # Errors
    /// That reason.
    pub fn push_unless<R>(
        &self,
        thing: T,
        bytes: usize,
        conflict: impl FnMut(&T) -> Option<R>,
    ) -> Result<(), R> {
        let mut kept = self.lock();
        let mut things = kept.things.iter().map(|(_bytes, thing)| thing);
        if let Some(reason) = things.find_map(conflict) {
            return Err(reason);
        }
        kept.push(thing, bytes);
        Ok(())
    }

    /// Looks at the first entry, oldest first, for which `look` answers a value,
    /// and may change it.
    pub fn find_map<R>(&self, look: impl FnMut(&mut T) -> Option<R>) -> Option<R> {
        let mut kept = self.lock();
        kept.things
            .iter_mut()
            .map(|(_bytes, thing)| thing)
            .find_map(look)
    }

    /// Forgets the entries for which `keep` is false.
    pub fn retain(&self, mut keep: impl FnMut(&T) -> bool) {
        let mut kept = self.lock();
        kept.things.retain(|(_bytes, thing)| keep(thing));
        kept.bytes = kept.things.iter().map(|(bytes, _)| bytes).sum();
    }

    /// How many entries are kept.
    pub fn len(&self) -> usize {
        self.lock().things.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Kept<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Newest<T> {
    /// Everything that is kept, oldest first.
    pub fn all(&self) -> Vec<T> {
        let kept = self.lock();
        kept.things
            .iter()
            .map(|(_bytes, thing)| thing.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_make_room() {
        let newest = Newest::default();

        for number in 0..MOST + 2 {
            newest.push(number, 1);
        }
        assert_eq!(newest.len(), MOST);
        assert_eq!(newest.all().first(), Some(&2));

        newest.push(0, MOST_BYTES);
        assert_eq!(newest.all(), [0]);
        newest.push(1, MOST_BYTES + 1);
        assert!(newest.is_empty());
    }
}
