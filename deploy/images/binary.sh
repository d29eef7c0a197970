#!/usr/bin/env bash
# Builds one image's binary and its bill of materials. Usage: binary.sh IMAGE DIR
# PROFILE (release) is cargo's profile. The same commit gives the same bytes: no path
# of the machine, no time but SOURCE_DATE_EPOCH.
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
home=${CARGO_HOME:-$HOME/.cargo}
maps="$top=/src $target=/target $home=/cargo"
for map in $maps; do
    RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$map"
    CFLAGS="${CFLAGS:-} -ffile-prefix-map=$map"
done
export RUSTFLAGS CFLAGS CXXFLAGS=$CFLAGS
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
