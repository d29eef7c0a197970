#!/usr/bin/env bash
# Counts the instructions of the two hot reads' own work, from the first middleware to
# the bytes of the answer: no socket, one worker. The count is the difference between
# a run with many requests and one with few, per request, so start-up drops out. The
# load of the machine doesn't change it.
# Usage: benches/instructions.sh DIRECTORY_OF_BINARIES [--record]
# The binaries are those of the profile `fast`. Without --record the counts are
# compared with instructions.txt: more than TOLERANCE (5) percent above is a failure.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
bin=$(cd "$1" && pwd)
record=${2:-}
few=${FEW:-200}
many=${MANY:-1200}
tolerance=${TOLERANCE:-5}
port=${PORT:-18081}
begin instructions

up pms "http://127.0.0.1:$port/v1/policymanager/actuator/health" \
    env PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json "$bin/pms" up --port "$port" --data-dir "$dir/data"
use_database
psql -q -v ON_ERROR_STOP=1 -v from=0 -v to=10000 -f "$here/rows.sql"
export PMS__DATABASE__URL="postgres:///mosip_pms?host=$PGHOST&user=postgres"
export PMS__AUTH__ISSUER=http://127.0.0.1:$port/auth/realms/mosip PMS__DATABASE__POOL_SIZE=1
export PMS__SERVICES__CERTIFICATE_URL=http://127.0.0.1:$port PMS__OUTBOX__DISPATCH=false
export PMS__TELEMETRY__LOG=info PMS__TELEMETRY__FORMAT=json

count() { # kind requests
    valgrind --tool=callgrind --callgrind-out-file="$dir/$1.$2" "$bin/bench-instructions" "$1" "$2" 2>"$dir/said" >/dev/null ||
        { cat "$dir/said" >&2; exit 1; }
    sed -n 's/^summary: \([0-9]*\).*/\1/p;s/^totals: \([0-9]*\).*/\1/p' "$dir/$1.$2" | head -n 1
}
failed=0
for kind in policy unchanged partner; do
    user=partner-admin
    [ "$kind" = partner ] || user=policy-manager
    TOKEN=$("$bin/pms" token --url "http://127.0.0.1:$port" --user "$user")
    export TOKEN
    now=$((($(count "$kind" "$many") - $(count "$kind" "$few")) / (many - few)))
    [ -z "${KEEP:-}" ] || cp "$dir/$kind.$many" "$KEEP/"
    before=$(awk -v kind="$kind" '$1 == kind {print $2}' "$here/instructions.txt" 2>/dev/null || true)
    echo "$kind $now" >>"$dir/counts"
    if [ "$record" = --record ] || [ -z "$before" ]; then
        echo "$kind: $now instructions a request"
        continue
    fi
    percent=$(awk -v now="$now" -v before="$before" 'BEGIN {printf "%+.1f", 100 * (now / before - 1)}')
    echo "$kind: $now instructions a request, recorded are $before ($percent %)"
    if awk -v percent="$percent" -v most="$tolerance" 'BEGIN {exit !(percent > most)}'; then
        failed=1
    fi
done
if [ "$record" = --record ]; then
    cp "$dir/counts" "$here/instructions.txt"
elif [ "$failed" = 1 ]; then
    echo "More than $tolerance % above what is recorded. If that is worth it: benches/instructions.sh DIRECTORY --record" >&2
    exit 1
fi
