#!/bin/sh
# The direction of dependencies between our crates, as docs/architecture.md says.
set -eu

fail=0
forbid() { # crate dependency
    if cargo tree --locked -q -p "$1" -e normal --prefix none 2>/dev/null | grep -q "^$2 v"; then
        echo "$1 must not depend on $2" >&2
        fail=1
    fi
}

for rule in pms-domain pms-pki pms-log; do
    for dependency in actix-web tokio diesel reqwest pms-database pms-integrations pms-web pms-runtime; do
        forbid "$rule" "$dependency"
    done
done
forbid pms-domain pms-pki
forbid pms-pki pms-domain
forbid pms-log pms-domain
forbid pms-database actix-web
forbid pms-database reqwest
forbid pms-integrations pms-web
forbid pms-web pms-integrations
for service in policy partner certificate; do
    for other in policy partner certificate; do
        [ "$service" = "$other" ] || forbid "pms-$service-service" "pms-$other-service"
    done
    # Stand-ins are for `pms up` and tests alone.
    forbid "pms-$service-service" pms-peers
    forbid "pms-$service-service" ring
    forbid "pms-$service-service" native-tls
done
forbid pms-partner-process pms-peers
forbid pms-partner-process pms-policy-service
forbid pms-partner-process ring
for process in pms pms-partner-process pms-policy-service pms-certificate-service; do
    # Yardsticks are for `make bench` alone.
    forbid "$process" pms-bench
done
forbid pms-partner-process native-tls
exit "$fail"
