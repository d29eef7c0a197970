#!/bin/sh
# Runs every fuzz target for its share of FUZZ_SECONDS (60), and ends at the first crash.
# What crashes is left in fuzz/artifacts/<target>, which the ordinary tests replay.
set -eu
cd "$(dirname "$0")/.."

if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "fuzz: cargo-fuzz is missing. Install it with: cargo install cargo-fuzz --locked" >&2
    exit 1
fi
if ! command -v c++ >/dev/null 2>&1; then
    echo "fuzz: a C++ compiler (c++) is missing. Install it with: apt-get install g++" >&2
    exit 1
fi

toolchain="" sanitizer=address
if cargo +nightly --version >/dev/null 2>&1; then
    toolchain=+nightly
else
    echo "fuzz: no nightly compiler (rustup toolchain install nightly): stable, without address sanitizer" >&2
    export RUSTC_BOOTSTRAP=1
    sanitizer=none
fi

targets=$(sed -n 's/^path = "fuzz_targets\/\(.*\)\.rs"/\1/p' fuzz/Cargo.toml)
count=$(echo "$targets" | wc -w)
each=$((${FUZZ_SECONDS:-60} / count))
[ "$each" -ge 1 ] || each=1

generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
# shellcheck disable=SC2086 # no word when empty
cargo $toolchain run --quiet --manifest-path fuzz/Cargo.toml --example seeds -- "$generated"
# shellcheck disable=SC2086
cargo $toolchain fuzz build --sanitizer "$sanitizer"
for target in $targets; do
    echo "fuzz: $target, $each s"
    mkdir -p "$generated/$target" "fuzz/corpus/$target"
    log="$generated/$target.log"
    # shellcheck disable=SC2086
    cargo $toolchain fuzz run --sanitizer "$sanitizer" "$target" "$generated/$target" "fuzz/corpus/$target" -- \
        -max_total_time="$each" -timeout=10 -rss_limit_mb=2048 -max_len=20000 -print_final_stats=1 \
        >"$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
    sed -n 's/^stat::number_of_executed_units:  */  runs: /p' "$log"
done
echo "fuzz: $count targets, no crash"
