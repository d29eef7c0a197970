#!/usr/bin/env bash
# Measures one service process against real PostgreSQL on this machine, and
# pgbench beside it: same SQL, same number of connections, prepared statements.
# Usage: benches/run.sh DIRECTORY_OF_RELEASE_BINARIES. Ends by itself; loopback only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "$1" && pwd)
rounds=${ROUNDS:-5}
seconds=${SECONDS_PER_RUN:-8}
connections=${CONNECTIONS:-32}
pool=${POOL:-10}
dir=$(mktemp -d /tmp/pms-bench.XXXXXX)
chmod 711 "$dir"
pids=()
finish() {
    for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    rm -rf "$dir"
}
trap finish EXIT

up() { # name URL command... ; waits until the URL answers 200
    local name=$1 url=$2
    shift 2
    local begin=$(date +%s%N)
    "$@" >"$dir/$name.log" 2>&1 &
    pids+=($!)
    local pid=$!
    for _ in $(seq 1 3000); do
        if curl -sf -m 1 -o /dev/null "$url"; then
            echo "$name: ready after $((($(date +%s%N) - begin) / 1000000)) ms, pid $pid"
            return
        fi
        kill -0 "$pid" 2>/dev/null || { cat "$dir/$name.log"; exit 1; }
        sleep 0.005
    done
    echo "$name did not start" >&2
    exit 1
}
rss() { awk '/VmRSS/ {printf "%.0f MiB", $2 / 1024}' "/proc/$1/status"; }
peak() { awk '/VmHWM/ {printf "%.0f MiB", $2 / 1024}' "/proc/$1/status"; }
cpu() { awk '{print $14 + $15}' "/proc/$1/stat"; }

export PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json PMS__DATABASE__POOL_SIZE=$pool
echo "== set-up (PostgreSQL, rows, tokens)"
up pms http://127.0.0.1:18080/v1/partnermanager/actuator/health "$bin/pms" up --port 18080 --data-dir "$dir/data"
postmaster=$(find "$dir/data/postgres" -name postmaster.pid | head -n 1)
socket=$(sed -n 5p "$postmaster")
url="postgres:///mosip_pms?host=$socket&user=postgres"
export PGHOST=$socket PGUSER=postgres PGDATABASE=mosip_pms
psql -q -v ON_ERROR_STOP=1 -f "$here/rows.sql"
token=$("$bin/pms" token --url http://127.0.0.1:18080 --user partner-admin)
policies=$("$bin/pms" token --url http://127.0.0.1:18080 --user policy-manager)

issuer=http://127.0.0.1:18080/auth/realms/mosip
export PMS__DATABASE__URL=$url PMS__AUTH__ISSUER=$issuer PMS__SERVER__HOST=127.0.0.1
export PMS__SERVICES__CERTIFICATE_URL=http://127.0.0.1:18080 PMS__OUTBOX__DISPATCH=false
up policy-service http://127.0.0.1:19107/v1/policymanager/actuator/health/liveness env PMS__SERVER__PORT=19107 "$bin/policy-service"
policy_pid=${pids[-1]}
up partner-service http://127.0.0.1:19109/v1/partnermanager/actuator/health/liveness env PMS__SERVER__PORT=19109 "$bin/partner-service"
partner_pid=${pids[-1]}
curl -sf -o /dev/null -H "Cookie: Authorization=$policies" http://127.0.0.1:19107/v1/policymanager/policies/bp1/partner/bt1
curl -sf -o /dev/null -H "Cookie: Authorization=$token" http://127.0.0.1:19109/v1/partnermanager/partners/bt1
echo "idle memory: policy-service $(rss "$policy_pid"), partner-service $(rss "$partner_pid")"

measure() { # kind port pid token run
    local before=$(cpu "$3")
    local line
    line=$(KIND=$1 TOKEN=$4 RUN=$5 wrk -t2 -c"$connections" -d"${seconds}s" -s "$here/requests.lua" "http://127.0.0.1:$2" | grep '^RESULT')
    local used=$(($(cpu "$3") - before))
    echo "$line $(awk -v u="$used" -v s="$seconds" -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.0f", 100 * u / hz / s}')"
}
postgres_rate() { # script
    pgbench -n -M prepared -c "$pool" -j 2 -T "$seconds" -f "$here/$1.pgbench" 2>/dev/null | awk '/^tps/ {printf "%.0f", $3}'
}
show() { # label line pgbench
    read -r _ rate p50 p99 bad used <<<"$2"
    printf '%-28s %8s req/s   p50 %7s ms   p99 %7s ms   errors %s   CPU %s %%' "$1" "$rate" "$p50" "$p99" "$bad" "$used"
    if [ -n "${3:-}" ]; then
        printf '   pgbench %s/s   ratio %s' "$3" "$(awk -v a="$rate" -v b="$3" 'BEGIN {printf "%.2f", a / b}')"
    fi
    echo
}

echo "== $rounds interleaved rounds, $connections client connections, $pool database connections, ${seconds} s each"
for round in $(seq 1 "$rounds"); do
    show "policy for partner" "$(measure policy 19107 "$policy_pid" "$policies" "$round")" "$(postgres_rate policy)" | tee -a "$dir/policy"
    show "partner by id" "$(measure partner 19109 "$partner_pid" "$token" "$round")" "$(postgres_rate partner)" | tee -a "$dir/partner"
done
show "create policy" "$(measure create 19107 "$policy_pid" "$policies" c)"
pms_pid=${pids[0]}
both=$("$bin/pms" token --url http://127.0.0.1:18080 --user partner-admin)
show "mixed (60/35/5), all in one" "$(measure mixed 18080 "$pms_pid" "$both" m)"
for kind in policy partner; do
    printf 'median ratio to pgbench, %s: ' "$kind"
    awk '{print $NF}' "$dir/$kind" | sort -n | sed -n "$(((rounds + 1) / 2))p"
done
echo "peak memory: policy-service $(peak "$policy_pid"), partner-service $(peak "$partner_pid"), pms $(peak "$pms_pid")"
