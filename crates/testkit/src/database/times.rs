//! How long tests take, for the list of the slowest ones that `make test` prints.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::Duration;

/// Adds a line `SECONDS TEST` to the file that `PMS_TEST_TIMES` names, if any.
/// The harness gives each test's thread the name of the test.
pub(super) fn record(elapsed: Duration) {
    let Some(path) = std::env::var_os("PMS_TEST_TIMES") else {
        return;
    };
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("?");
    let line = format!("{:.1} {name}\n", elapsed.as_secs_f64());
    let file = OpenOptions::new().append(true).create(true).open(path);
    // A test must not fail because its duration can't be written down.
    let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
}
