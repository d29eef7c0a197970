#!/bin/sh
# The direction of dependencies between our crates, as docs/architecture.md says. A crate
# that cargo doesn't know ends it: what can't be looked at is not in order.
set -eu
cd "$(dirname "$0")/.."

fail=0
# All that a crate is built with, itself first; a line each.
tree() {
    cargo tree --locked -q -p "$1" -e normal --prefix none || {
        echo "cargo can't tell the dependencies of $1" >&2
        exit 1
    }
}

forbid() { # crate dependency...
    found=$(tree "$1")
    crate=$1
    shift
    for dependency in "$@"; do
        case $dependency in
        pms-*) [ -f "crates/${dependency#pms-}/Cargo.toml" ] || { echo "there is no crate $dependency" >&2; exit 1; } ;;
        esac
        if echo "$found" | grep -q "^$dependency v"; then
            echo "$crate must not depend on $dependency" >&2
            fail=1
        fi
    done
}

alone() { # crate: without any other crate of ours
    found=$(tree "$1")
    others=$(echo "$found" | sort -u | sed -n 's/^\(pms-[a-z-]*\) v.*/\1/p' | grep -vx "$1" || true)
    if [ -n "$others" ]; then
        echo "$1 must not depend on" $others >&2
        fail=1
    fi
}

for crate in pms-domain pms-pki pms-log pms-cluster; do
    alone "$crate"
done
for crate in pms-domain pms-pki pms-log; do
    forbid "$crate" actix-web tokio diesel reqwest
done
forbid pms-database actix-web reqwest
forbid pms-integrations pms-web
forbid pms-web pms-integrations
for crate in pms-runtime pms-peers; do
    forbid "$crate" pms-policy-service pms-partner-service pms-certificate-service
done
for service in policy partner certificate; do
    for other in policy partner certificate; do
        [ "$service" = "$other" ] || forbid "pms-$service-service" "pms-$other-service"
    done
    # Stand-ins are for `pms up` and tests alone.
    forbid "pms-$service-service" pms-peers ring native-tls
done
forbid pms-partner-process pms-peers pms-policy-service ring native-tls
for process in pms pms-partner-process pms-policy-service pms-certificate-service; do
    # Yardsticks are for `make bench` alone.
    forbid "$process" pms-bench
done
exit "$fail"
