#!/usr/bin/env bash
# Measures reads, searches and registrations of partners whose personal data is encrypted, against
# the same over plain ones: interleaved in one run, medians of ROUNDS rounds.
#
#   plain    columns in the clear
#   ours     all texts with few session keys, as our key manager encrypts
#   foreign  a session key for each text, as other key managers encrypt: three RSA operations a row
#
# Usage: benches/encrypted.sh DIRECTORY_OF_BINARIES (pms, partner-service, certificate-service, and
# examples/encrypted_rows of the crate pms-pki; that one is built when it is missing).
# Prints lines of name, value and unit, separated by tabs; all else goes to standard error.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
bin=$(cd "$1" && pwd)
rounds=${ROUNDS:-5}
seconds=${SECONDS_PER_RUN:-6}
connections=${CONNECTIONS:-16}
rows=${ROWS:-100000}
export ROWS=$rows
begin encrypted

rows_of=$bin/examples/encrypted_rows
if [ ! -x "$rows_of" ]; then
    cargo build --locked --release -q -p pms-pki --example encrypted_rows
    rows_of=${CARGO_TARGET_DIR:-$here/../target}/release/examples/encrypted_rows
fi

export PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json PMS__SERVER__DRAIN_SECONDS=0
say "== set-up: PostgreSQL, 3 x $rows partners"
up pms http://127.0.0.1:18080/v1/partnermanager/actuator/health "$bin/pms" up --port 18080 --data-dir "$dir/data"
use_database
psql -qAt -c "SELECT s.certificate_data FROM keymgr.key_store s JOIN keymgr.key_alias a ON a.id = s.id
    WHERE a.app_id = 'PMS' AND a.ref_id = 'PII-DATA'" >"$dir/certificate.pem"
load() { # set type command...
    local set=$1 type=$2
    shift 2
    "$@" >"$dir/rows.tsv"
    psql -q -v ON_ERROR_STOP=1 -c 'CREATE TABLE pms.bench_rows
        (id varchar, address varchar, contact_no varchar, email_id varchar)'
    psql -q -v ON_ERROR_STOP=1 -c "\\copy pms.bench_rows FROM '$dir/rows.tsv'"
    psql -q -v ON_ERROR_STOP=1 -v name="$set" -v type="$type" -f "$here/encrypted.sql"
}
in_clear() {
    seq 0 $((rows - 1)) | awk -v OFS='\t' '{print "plain" $1, $1 " Main Street", "98765" $1, "bench" $1 "@example.org"}'
}
load plain Auth_Partner in_clear
load ours Credential_Partner "$rows_of" ours "$rows" shared "$dir/certificate.pem"
load foreign Device_Provider "$rows_of" foreign "$rows" own "$dir/certificate.pem"
psql -q -c "VACUUM (ANALYZE) pms.partner"
token=$("$bin/pms" token --url http://127.0.0.1:18080 --user partner-admin)

export PMS__DATABASE__URL="postgres:///mosip_pms?host=$PGHOST&user=postgres"
export PMS__AUTH__ISSUER=http://127.0.0.1:18080/auth/realms/mosip PMS__SERVER__HOST=127.0.0.1
export PMS__OUTBOX__DISPATCH=false PMS__KEY_MANAGER__KEK_FILE=$dir/data/kek
PMS__SERVICE_ACCOUNT__CLIENT_SECRET=$(cat "$dir/data/service-account-secret")
export PMS__SERVICE_ACCOUNT__CLIENT_SECRET
# Pages of thousands of foreign rows warm the cache.
export PMS__KEY_MANAGER__TIMEOUT_MS=100000 PMS__LIMITS__REQUEST_SECONDS=110
live=/v1/partnermanager/actuator/health/liveness
one_process() { # port [settings...]
    local port=$1
    shift
    up "one-$port" "http://127.0.0.1:$port$live" env PMS__SERVER__PORT="$port" \
        PMS__SERVICES__CERTIFICATE=in-process "$@" "$bin/partner-service"
}

measure() { # name kind set port ; one round
    local line
    line=$(KIND=$2 SET=$3 TOKEN=$token RUN=$RANDOM$RANDOM wrk -t2 -c"$connections" -d"${seconds}s" \
        --timeout 30s -s "$here/encrypted.lua" "http://127.0.0.1:$4" | grep '^RESULT')
    echo "$line" >>"$dir/result.$1"
    say "$1: $line"
}
median() { # name column
    awk -v column="$2" '{print $column}' "$dir/result.$1" | sort -n | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'
}
show() { # name label
    printf '%s\t%s\trequests/s\n' "$2" "$(median "$1" 2)"
    printf '%s, p99\t%s\tms\n' "$2" "$(median "$1" 4)"
    local bad
    bad=$(awk '{bad += $5} END {print bad + 0}' "$dir/result.$1")
    [ "$bad" = 0 ] || printf '%s, errors\t%s\trequests\n' "$2" "$bad"
}
ratio() { # name name label
    printf '%s\t%s\tratio\n' "$3" "$(awk -v a="$(median "$1" 2)" -v b="$(median "$2" 2)" 'BEGIN {printf "%.2f", a / b}')"
}
warm() { # port set type ; reads all rows once
    for page in $(seq 0 $(((rows - 1) / 2500))); do
        curl -sf -m 110 -o /dev/null -H "Cookie: Authorization=$token" -H 'Content-Type: application/json' \
            "http://127.0.0.1:$1/v1/partnermanager/partners/search" -d '{"id":"bench","version":"1.0",
            "requesttime":"'"$(date -u +%Y-%m-%dT%H:%M:%S.000Z)"'","request":{"partnerType":"'"$3"'","filters":[],
            "sort":[],"pagination":{"pageStart":'"$page"',"pageFetch":2500}}}'
    done
}

say "== cold: a new process for each round, nothing kept"
for _ in $(seq 1 "$rounds"); do
    one_process 19210 PMS__PERSONAL_DATA__CACHE_BYTES=0
    measure plain-beside-cold read plain 19210
    measure ours-cold read ours 19210
    measure foreign-cold read foreign 19210
    down
done

say "== warm: one process that keeps 64 MiB"
one_process 19209
process=${pids[-1]}
warm 19209 ours Credential_Partner
for _ in $(seq 1 "$rounds"); do
    measure plain read plain 19209
    measure ours read ours 19209
    measure plain-search search plain 19209
    measure ours-search search ours 19209
done
warm 19209 foreign Device_Provider
for _ in $(seq 1 "$rounds"); do
    measure plain-beside-foreign read plain 19209
    measure foreign read foreign 19209
    measure foreign-search search foreign 19209
done
# The first writes after a load log whole pages.
measure before register plain 19209
for _ in $(seq 1 "$rounds"); do
    measure register register plain 19209
done
resident=$(memory "$process" VmRSS)
down

say "== separate processes: partner-service asks certificate-service"
up certificate "http://127.0.0.1:19212/v1/keymanager/actuator/health/liveness" \
    env PMS__SERVER__PORT=19212 "$bin/certificate-service"
up partner "http://127.0.0.1:19211$live" env PMS__SERVER__PORT=19211 PMS__PERSONAL_DATA__CACHE_BYTES=0 \
    PMS__SERVICES__CERTIFICATE_URL=http://127.0.0.1:19212 "$bin/partner-service"
for _ in $(seq 1 "$rounds"); do
    measure separate-plain read plain 19211
    measure separate-ours read ours 19211
    measure separate-foreign read foreign 19211
    measure separate-register register plain 19211
done

show plain 'partner, plain'
show ours 'partner, encrypted (ours), warm'
ratio ours plain 'partner, encrypted (ours) warm to plain'
show ours-cold 'partner, encrypted (ours), cold'
ratio ours-cold plain-beside-cold 'partner, encrypted (ours) cold to plain'
show foreign 'partner, encrypted (foreign), warm'
ratio foreign plain-beside-foreign 'partner, encrypted (foreign) warm to plain'
show foreign-cold 'partner, encrypted (foreign), cold'
ratio foreign-cold plain-beside-cold 'partner, encrypted (foreign) cold to plain'
show plain-search 'search of 10, plain'
show ours-search 'search of 10, encrypted (ours)'
ratio ours-search plain-search 'search of 10, encrypted (ours) to plain'
show foreign-search 'search of 10, encrypted (foreign), warm'
ratio foreign-search plain-search 'search of 10, encrypted (foreign) to plain'
show register 'registration, encrypted'
show separate-plain 'separate processes: partner, plain'
show separate-ours 'separate processes: partner, encrypted (ours), cold'
show separate-foreign 'separate processes: partner, encrypted (foreign), cold'
show separate-register 'separate processes: registration, encrypted'
printf 'one process after all this, resident\t%s\tMiB\n' "$resident"
