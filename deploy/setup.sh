#!/bin/sh
# Installs the Debian packages that are missing. Usage: setup.sh base [test] [charts] [images] [bench] [bench-instructions]
# Says what it does; does nothing when all is there.
set -eu

missing=""
need() { # command package
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

for group in "$@"; do
    case "$group" in
    base)
        need cc gcc
        need make make
        need perl perl
        need pkg-config pkg-config
        [ -e /usr/include/openssl/ssl.h ] || missing="$missing libssl-dev"
        if ! command -v initdb >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
            missing="$missing postgresql"
        fi
        ;;
    test)
        need openssl openssl
        need nginx nginx-light
        ;;
    charts)
        need go golang
        need python3 python3-venv
        need etcd etcd-server
        need kubectl kubernetes-client
        need curl curl
        need openssl openssl
        ;;
    images)
        need buildah buildah
        need curl curl
        need python3 python3
        ;;
    bench)
        need wrk wrk
        need curl curl
        need jq jq
        need openssl openssl
        ;;
    bench-instructions)
        need valgrind valgrind
        need curl curl
        ;;
    *)
        echo "setup.sh: unknown group $group" >&2
        exit 2
        ;;
    esac
done

if [ -n "$missing" ]; then
    echo "Missing Debian packages:$missing"
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "There is no apt-get here: install them by hand." >&2
        exit 1
    fi
    sudo=""
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 || { echo "Run as root: apt-get install$missing" >&2; exit 1; }
        sudo="sudo"
    fi
    # Debian starts a cluster and a web server of its own; ours are private.
    policy=/usr/sbin/policy-rc.d
    made=""
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null
        $sudo chmod +x "$policy"
        made=yes
    fi
    $sudo apt-get update -q
    status=0
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends $missing || status=$?
    [ -z "$made" ] || $sudo rm -f "$policy"
    [ "$status" = 0 ] || exit "$status"
fi

if ! command -v cargo >/dev/null 2>&1; then
    echo "Rust is missing: see https://rustup.rs (the toolchain is in rust-toolchain.toml)." >&2
    exit 1
fi

# A third of a first build was OpenSSL for libpq. In this clone libpq takes the system's, for
# every way to call cargo (make, editors); OPENSSL_NO_VENDOR=0 builds and links our own, as the
# images do, which must run without it. A configuration that is there is left alone.
config="$(dirname "$0")/../.cargo/config.toml"
if [ ! -e "$config" ] && pkg-config --exists "libssl >= 3" 2>/dev/null; then
    mkdir -p "$(dirname "$config")"
    printf '# Written by deploy/setup.sh; see docs/architecture.md.\n[env]\nOPENSSL_NO_VENDOR = "1"\n' >"$config"
fi
