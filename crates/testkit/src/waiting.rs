//! Waiting for a condition: no test guesses how long something takes.
//!
//! Between two looks there is always a pause. A look may cost a statement, or
//! block the thread that everything else runs on; looks without a pause take the
//! processor from what is waited for.

use std::fmt::Display;
use std::time::{Duration, Instant};

/// Longest wait, for a machine that runs many tests at once.
const LONGEST: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits until `look` finds something.
///
/// # Panics
/// With `what` when it never does.
#[cfg(feature = "web")]
pub async fn found<T>(what: impl Display, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let looks = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    // A look that is never answered counts too.
    match tokio::time::timeout(LONGEST, looks).await {
        Ok(found) => found,
        Err(_elapsed) => panic!("never: {what}"),
    }
}

/// Waits until `holds`, as [`found`].
///
/// # Panics
/// With `what` when it never does.
#[cfg(feature = "web")]
pub async fn eventually(what: impl Display, mut holds: impl AsyncFnMut() -> bool) {
    found(what, async || holds().await.then_some(())).await;
}

/// Waits until `holds`, in a test that is not async.
///
/// # Panics
/// With `what` when it never does.
pub fn block_until(what: impl Display, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONGEST;
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(PAUSE);
    }
}
