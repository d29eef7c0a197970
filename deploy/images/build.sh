#!/usr/bin/env bash
# Builds the images without a registry: buildah from scratch, the runtime's files from
# Debian packages. Usage: build.sh [IMAGE…]   (all four without one)
#   TAG       tag of the images; the version of the workspace
#   PROFILE   cargo's profile; release
#   BINARIES  folder with binaries that are built already (IMAGE/entrypoint, IMAGE/sbom.json)
#   ARCHIVES  folder that gets an archive of each image, for `skopeo copy` or `podman load`
set -euo pipefail
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
tag=${TAG:-$version}
commit=$(git rev-parse HEAD 2>/dev/null || echo unknown)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
# The images have no OpenSSL: ours is linked into libpq (see deploy/setup.sh).
export OPENSSL_NO_VENDOR=0
time=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
images=("$@")
[ ${#images[@]} -gt 0 ] || images=(partner-service policy-service certificate-service pms)
command -v buildah >/dev/null 2>&1 || { echo "build.sh: buildah is missing (Debian: buildah)" >&2; exit 1; }
work=$(mktemp -d /tmp/pms-images.XXXXXX)
trap 'rm -rf "$work"' EXIT

# C library, certificate authorities, time zones: nothing that runs by itself.
runtime() {
    local root=$1 package
    mkdir -p "$work/packages"
    # apt's own user writes the downloads.
    chmod 755 "$work"
    chmod 777 "$work/packages"
    (cd "$work/packages" && apt-get download -q libc6 libgcc-s1 ca-certificates tzdata >/dev/null)
    for package in "$work"/packages/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
    mkdir -p "$root"/{etc/ssl/certs,usr/share,usr/lib,home/mosip,tmp,usr/local/bin,usr/share/pms}
    local lib=lib/x86_64-linux-gnu file
    mkdir -p "$root/$lib" "$root/lib64"
    for file in libc.so.6 libm.so.6 libgcc_s.so.1 libpthread.so.0 libdl.so.2 librt.so.1 libresolv.so.2 libnss_dns.so.2 libnss_files.so.2 ld-linux-x86-64.so.2; do
        cp -L "$work/unpacked/$lib/$file" "$root/$lib/"
    done
    ln -s "/$lib/ld-linux-x86-64.so.2" "$root/lib64/ld-linux-x86-64.so.2"
    cat "$work"/unpacked/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
    cp -r "$work/unpacked/usr/share/zoneinfo" "$root/usr/share/"
    rm -rf "$root"/usr/share/zoneinfo/{right,posix}
    echo 'mosip:x:1002:1001::/home/mosip:/sbin/nologin' >"$root/etc/passwd"
    echo 'mosip:x:1001:' >"$root/etc/group"
    echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
    (cd "$work/packages" && for package in *.deb; do dpkg-deb -W --showformat='${Package} ${Version}\n' "$package"; done) | sort >"$root/usr/share/pms/debian-packages"
    chmod 1777 "$root/tmp"
    chown -R 1002:1001 "$root/home/mosip"
}

runtime "$work/root"
for image in "${images[@]}"; do
    if [ -n "${BINARIES:-}" ]; then
        built=$BINARIES/$image
    else
        built=$work/$image
        deploy/images/binary.sh "$image" "$built"
    fi
    install -m 755 "$built/entrypoint" "$work/root/usr/local/bin/entrypoint"
    install -m 644 "$built/sbom.json" "$work/root/usr/share/pms/sbom.json"
    case $image in
    partner-service) port=9109 ;;
    policy-service) port=9107 ;;
    certificate-service) port=9111 ;;
    pms) port= ;;
    esac
    find "$work/root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    container=$(buildah from scratch)
    buildah copy -q "$container" "$work/root" / >/dev/null
    buildah config --user 1002:1001 --workingdir /home/mosip --entrypoint '["/usr/local/bin/entrypoint"]' \
        --label "source=${SOURCE:-unknown}" --label "commit_hash=$commit" --label "commit_id=${commit:0:8}" --label "build_time=$time" \
        --label "org.opencontainers.image.title=$image" --label "org.opencontainers.image.version=$version" \
        --label "org.opencontainers.image.revision=$commit" --label "org.opencontainers.image.created=$time" \
        --label org.opencontainers.image.licenses=MPL-2.0 "$container"
    # Two arenas of the allocator: with one for each thread a third of the memory lies idle.
    buildah config --env MALLOC_ARENA_MAX=2 "$container"
    [ -z "$port" ] || buildah config --port "$port" "$container"
    [ "$image" != certificate-service ] || buildah config --port 9112 "$container"
    buildah commit -q --rm --timestamp "$SOURCE_DATE_EPOCH" "$container" "localhost/pms/$image:$tag" >/dev/null
    bytes=$(buildah inspect --type image --format '{{.FromImageID}}' "localhost/pms/$image:$tag" >/dev/null && buildah images --json "localhost/pms/$image:$tag" | sed -n 's/.*"size": "\(.*\)".*/\1/p' | head -1)
    echo "localhost/pms/$image:$tag $bytes"
    if [ -n "${ARCHIVES:-}" ]; then
        mkdir -p "$ARCHIVES"
        buildah push -q "localhost/pms/$image:$tag" "docker-archive:$ARCHIVES/$image.tar:pms/$image:$tag"
    fi
done
