#!/usr/bin/env bash
# Measures service processes against real PostgreSQL on this machine and prints one
# table in Markdown (docs/performance.md says what its lines mean). Beside each read,
# in the same round, run a bare handler (crates/bench) and pgbench: same SQL, same
# number of connections, prepared statements.
# Usage: benches/run.sh DIRECTORY_OF_RELEASE_BINARIES. Ends by itself; loopback only.
# Environment: SIZES ("1000 100000": partners; "1000 100000 1000000" takes some
# minutes and 2 GB more), ROUNDS, SECONDS_PER_RUN, CONNECTIONS, POOL.
set -euo pipefail
for tool in wrk pgbench psql curl; do
    command -v "$tool" >/dev/null || { echo "$tool is missing: deploy/setup.sh base bench" >&2; exit 1; }
done
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
bin=$(cd "$1" && pwd)
sizes=(${SIZES:-1000 100000})
rounds=${ROUNDS:-5}
seconds=${SECONDS_PER_RUN:-8}
connections=${CONNECTIONS:-32}
pool=${POOL:-10}
begin bench

ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

export PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json PMS__DATABASE__POOL_SIZE=$pool
say "== set-up (PostgreSQL, rows, tokens)"
up pms http://127.0.0.1:18080/v1/partnermanager/actuator/health/liveness "$bin/pms" up --port 18080 --data-dir "$dir/data"
pms=$pid
use_database
url="postgres:///mosip_pms?host=$PGHOST&user=postgres"
admin=$("$bin/pms" token --url http://127.0.0.1:18080 --user partner-admin)
manager=$("$bin/pms" token --url http://127.0.0.1:18080 --user policy-manager)

issuer=http://127.0.0.1:18080/auth/realms/mosip
export PMS__DATABASE__URL=$url PMS__AUTH__ISSUER=$issuer PMS__SERVER__HOST=127.0.0.1
export PMS__SERVICES__CERTIFICATE_URL=http://127.0.0.1:18080 PMS__OUTBOX__DISPATCH=false
# As deployed: a line of the log per request.
export PMS__TELEMETRY__LOG=info
up policy-service http://127.0.0.1:19107/v1/policymanager/actuator/health/liveness env PMS__SERVER__PORT=19107 "$bin/policy-service"
policy=$pid policy_ready=$ready
up partner-service http://127.0.0.1:19109/v1/partnermanager/actuator/health/liveness env PMS__SERVER__PORT=19109 "$bin/partner-service"
partner=$pid partner_ready=$ready
up bench-bare http://127.0.0.1:19100/ env BENCH_URL="$url" BENCH_POOL="$pool" BENCH_PORT=19100 "$bin/bench-bare"
bare=$pid

# kind port pid token ; rate p50 p99 errors cpu%
measure() {
    local before=$(ticks "$3")
    local line
    line=$(KIND=$1 TOKEN=$4 PARTNERS=$size RUN=$RANDOM TAG=${tag:-} wrk -t2 -c"$connections" -d"${seconds}s" \
        -s "$here/requests.lua" "http://127.0.0.1:$2" | sed -n 's/^RESULT //p')
    local used=$(($(ticks "$3") - before))
    echo "$line $(awk -v u="$used" -v s="$seconds" -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.0f", 100 * u / hz / s}')"
}
postgres_rate() { # script
    pgbench -n -M prepared -D partners="$size" -c "$pool" -j 2 -T "$seconds" -f "$here/$1.pgbench" 2>/dev/null |
        awk '/^tps/ {printf "%.0f", $3}'
}
results=$dir/results
# label kind port pid token yardstick? ; one round
run() {
    local bare_rate=- postgres=-
    local ours=$(measure "$2" "$3" "$4" "$5")
    if [ -n "${6:-}" ]; then
        bare_rate=$(measure "$2" 19100 "$bare" "$5" | cut -d' ' -f1)
        postgres=$(postgres_rate "$2")
    fi
    echo "$1|$size|${ours// /|}|$bare_rate|$postgres" >>"$results"
    say "$1, $size partners: $ours (bare $bare_rate, pgbench $postgres)"
}
tag_of_one() {
    curl -sf -o /dev/null -D - -H "Cookie: Authorization=$manager" \
        http://127.0.0.1:19107/v1/policymanager/policies/bp1/partner/bt1 | tr -d '\r' | sed -n 's/^etag: //ip'
}
from=0
for size in "${sizes[@]}"; do
    say "== $size partners"
    psql -q -v ON_ERROR_STOP=1 -v from="$from" -v to="$size" -f "$here/rows.sql"
    from=$size
    tag=$(tag_of_one)
    [ -n "$tag" ] || { say "a policy has no tag"; exit 1; }
    curl -sf -o /dev/null -H "Cookie: Authorization=$admin" http://127.0.0.1:19109/v1/partnermanager/partners/bt1
    [ -n "${idle:-}" ] || idle="$(memory "$policy" VmRSS) and $(memory "$partner" VmRSS)"
    say "== $rounds interleaved rounds, $connections client connections, $pool database connections, ${seconds} s each"
    for _ in $(seq 1 "$rounds"); do
        run 'policy for a partner' policy 19107 "$policy" "$manager" yes
        run 'policy, unchanged (304)' unchanged 19107 "$policy" "$manager"
        run 'partner, plain' partner 19109 "$partner" "$admin" yes
        run 'list of partners, first 125 pages of 8' list 19109 "$partner" "$admin"
        run 'search of a partner by name' search 19109 "$partner" "$admin"
        run 'create a policy' create 19107 "$policy" "$manager"
    done
done
run 'mixed (60/35/5), all in one process' mixed 18080 "$pms" "$admin"

echo "Measured on $(date -u +%Y-%m-%d): $(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1))," \
    "PostgreSQL $(psql -qAt -c 'SHOW server_version'), clients and database on the same machine;" \
    "$connections client connections, $pool database connections, median of $rounds rounds of $seconds s."
echo
awk -F'|' -v OFS='|' '
    function median(list, n,    i, j, t, parts) {
        n = split(list, parts, " ")
        for (i = 2; i <= n; i++) for (j = i; j > 1 && parts[j - 1] + 0 > parts[j] + 0; j--) {
            t = parts[j]; parts[j] = parts[j - 1]; parts[j - 1] = t
        }
        return parts[int((n + 1) / 2)]
    }
    {
        key = $1 FS $2
        if (!(key in seen)) { order[++lines] = key; seen[key] = 1 }
        rate[key] = rate[key] " " $3; p50[key] = p50[key] " " $4; p99[key] = p99[key] " " $5
        bad[key] += $6; cpu[key] = cpu[key] " " $7
        if ($8 > 0) of_bare[key] = of_bare[key] " " $3 / $8
        if ($9 > 0) of_postgres[key] = of_postgres[key] " " $3 / $9
        if (!($1 in first)) first[$1] = key
    }
    END {
        print "| | partners | requests/s | p50 ms | p99 ms | p99/p50 | errors | CPU % | of the bare handler | of pgbench | of the smallest |"
        print "|---|---|---|---|---|---|---|---|---|---|---|"
        for (i = 1; i <= lines; i++) {
            key = order[i]; split(key, name, FS)
            growth = first[name[1]] == key ? "" : sprintf("%.2f", median(rate[key]) / median(rate[first[name[1]]]))
            bare = key in of_bare ? sprintf("%.2f", median(of_bare[key])) : ""
            postgres = key in of_postgres ? sprintf("%.2f", median(of_postgres[key])) : ""
            printf "| %s | %s | %d | %.1f | %.1f | %.1f | %d | %d | %s | %s | %s |\n", name[1], name[2], median(rate[key]),
                median(p50[key]), median(p99[key]), median(p99[key]) / median(p50[key]), bad[key], median(cpu[key]), bare, postgres, growth
        }
    }' "$results"
echo
echo "| process | ready after, ms | idle, MiB | most, MiB |"
echo "|---|---|---|---|"
echo "| policy-service | $policy_ready | ${idle% and *} | $(memory "$policy" VmHWM) |"
echo "| partner-service | $partner_ready | ${idle#* and } | $(memory "$partner" VmHWM) |"
echo "| pms up | | | $(memory "$pms" VmHWM) |"

# It starts processes of its own: with the machine and the settings to itself.
if [ -x "$here/encrypted.sh" ]; then
    end_all
    for name in $(compgen -e); do
        case $name in PMS__* | PG*) unset "$name" ;; esac
    done
    echo
    echo "| encrypted personal data | value | unit |"
    echo "|---|---|---|"
    "$here/encrypted.sh" "$bin" | awk -F'\t' 'NF >= 3 {printf "| %s | %s | %s |\n", $1, $2, $3}'
fi
