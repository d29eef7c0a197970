#!/usr/bin/env bash
# Builds one image's binary and its bill of materials. Usage: binary.sh IMAGE DIR
# PROFILE (release) is cargo's profile. The same commit gives the same bytes: no time
# but SOURCE_DATE_EPOCH, and no path of the machine. rustc maps the paths that it
# writes down; OpenSSL writes down where it is built and with which flags, so cargo's
# folders have the same names everywhere.
set -euo pipefail
image=${1:?which image} out=${2:?where to}
cd "$(dirname "$0")/../.."
top=$PWD
profile=${PROFILE:-release}
case $image in
partner-service) package=pms-partner-process ;;
policy-service) package=pms-policy-service ;;
certificate-service) package=pms-certificate-service ;;
pms) package=pms ;;
*) echo "binary.sh: unknown image $image" >&2; exit 2 ;;
esac
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
home=$(realpath -m "${CARGO_HOME:-$HOME/.cargo}")
build=/tmp/pms-image-build
mkdir -p "$target"
mkdir -p -m 700 "$build"
# Another user of the machine must not choose what is built.
if [ -L "$build" ] || [ ! -O "$build" ]; then echo "binary.sh: $build belongs to another user: remove it" >&2; exit 1; fi
# One build at a time has the names.
exec 9>"$build/lock"
flock 9
ln -sfn "$target" "$build/target"
ln -sfn "$home" "$build/cargo"
# rustup and its proxies stay where they are.
export CARGO_TARGET_DIR=$build/target CARGO_HOME=$build/cargo RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
for map in "$top=/src" "$build/target=/target" "$build/cargo=/cargo" "$target=/target" "$home=/cargo"; do
    RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$map"
done
export RUSTFLAGS
features=()
# What only developers need stays out.
if grep -q '^development = ' "crates/pms/Cargo.toml" && [ "$package" = pms ]; then features=(--no-default-features); fi
${CARGO:-cargo} build --locked --profile "$profile" -p "$package" --bin "$image" "${features[@]}"
folder=$profile
[ "$profile" != dev ] || folder=debug
mkdir -p "$out"
cp "$target/$folder/$image" "$out/entrypoint"
strip --strip-all "$out/entrypoint"
python3 deploy/images/sbom.py "$package" >"$out/sbom.json"
