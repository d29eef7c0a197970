#!/usr/bin/env bash
# Runs all tests: tests.sh CARGO [options of cargo test]. Shows how far it is, what failed and which tests took longest.
set -euo pipefail
cargo=$1; shift
PMS_TEST_TIMES=$(mktemp)
export PMS_TEST_TIMES
trap 'rm -f "$PMS_TEST_TIMES"' EXIT

status=0
"$cargo" test --locked --workspace --no-fail-fast "$@" 2>&1 | awk '
    /^ +Running / || /^ +Doc-tests / { sub(/^ +/, ""); sub(/ \(.*/, ""); what = $0; next }
    match($0, /Executable|Running/) && /target.*deps/ { next }
    /^running [0-9]+ tests?$/ { total = $2; done = 0; if (total > 0) { suites++; print "suite " suites ": " total " tests (" what ")"; fflush() } next }
    /^test .* \.\.\. (ok|ignored)/ { done++; if (done % 100 == 0 && done < total) { print "  " done " of " total; fflush() } next }
    /^test result: ok\. 0 passed; 0 failed; 0 ignored/ { next }
    /^$/ { next }
    { print; fflush() }
' || status=$?

if [ -s "$PMS_TEST_TIMES" ]; then
    echo "The slowest ten tests with a database, in seconds:"
    # One reader to the end: a pipe that closes early would fail the run.
    sort -rn "$PMS_TEST_TIMES" | sed -n '1,10s/^/  /p'
fi
exit "$status"
