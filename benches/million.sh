#!/usr/bin/env bash
# Measures the lists and searches of policies over 1,000,000 rows, in a scratch
# cluster that is removed at the end. Usage: benches/million.sh DIRECTORY_OF_BINARIES.
# ROWS and REQUESTS (per line of the table) can be set; loopback only.
set -euo pipefail
bin=$(cd "$1" && pwd)
rows=${ROWS:-1000000}
requests=${REQUESTS:-220}
port=${PORT:-18090}
dir=$(mktemp -d /tmp/pms-million.XXXXXX)
chmod 711 "$dir"
pid=
finish() {
    if [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    fi
    rm -rf "$dir"
}
trap finish EXIT
trap 'exit 1' INT TERM

PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json \
    "$bin/pms" up --port "$port" --data-dir "$dir/data" >"$dir/log" 2>&1 &
pid=$!
until curl -sf -o /dev/null "http://127.0.0.1:$port/v1/policymanager/actuator/health"; do
    kill -0 "$pid" 2>/dev/null || { cat "$dir/log"; exit 1; }
    sleep 0.1
done
PGHOST=$(sed -n 5p "$(find "$dir/data/postgres" -name postmaster.pid | head -n 1)")
export PGHOST
export PGUSER=postgres PGDATABASE=mosip_pms

echo "== $rows policies"
psql -q -v ON_ERROR_STOP=1 -v rows="$rows" <<'SQL'
SET search_path = pms, public;
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
SELECT 'mg' || g, 'million group ' || g, 'bench', 'bench', true, 'bench', now()
FROM generate_series(0, 999) g;
-- Indexes are quicker made than kept.
CREATE TEMP TABLE kept AS
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i WHERE i.indrelid = 'auth_policy'::regclass AND NOT i.indisunique;
SELECT 'DROP INDEX ' || name FROM kept \gexec
INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id, policy_type, version,
                         policy_schema, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
SELECT 'mp' || p, 'mg' || p % 1000, 'million policy ' || p, 'what number ' || p || ' allows',
       '{"authTokenType":"policy","allowedAuthTypes":[],"allowedKycAttributes":[]}',
       CASE WHEN p % 125 = 0 THEN 'MISP' WHEN p % 3 = 0 THEN 'DataShare' ELSE 'Auth' END, '1',
       CASE WHEN p % 150 <> 0 THEN 'https://schemas.mosip.io/v1/auth-policy' END,
       now(), now() + interval '200 years', p % 150 <> 0 AND p % 200 <> 1, 'author' || p % 500,
       now() - p * interval '1 second'
FROM generate_series(1, :rows) p;
SELECT definition FROM kept \gexec
VACUUM ANALYZE;
SQL

token=$("$bin/pms" token --url "http://127.0.0.1:$port" --user policy-manager)
base=http://127.0.0.1:$port/v1/policymanager/policies
printf '%-52s %9s %9s %9s %9s\n' "$requests requests each, one at a time" 'rows' 'p50 ms' 'p99 ms' 'worst ms'

# label member_of_the_total curl-arguments... ; the last argument is the URL.
measure() {
    local label=$1 total=$2
    shift 2
    local url=${*: -1}
    local asked=("${@:1:$#-1}")
    local cookie="Cookie: Authorization=$token"
    local answer
    answer=$(curl -sg -H "$cookie" "${asked[@]}" "$url")
    case $answer in *'"errors":[]'*) ;; *) echo "$label: $answer" >&2; exit 1 ;; esac
    local found
    found=$(sed -n "s/.*\"$total\":\([0-9]*\).*/\1/p" <<<"$answer")
    local mark='?'
    case $url in *\?*) mark='&' ;; esac
    curl -s -H "$cookie" "${asked[@]}" -o /dev/null -w '%{time_total}\n' "$url${mark}n=[1-$requests]" |
        sort -n |
        awk -v label="$label" -v found="$found" \
            '{t[NR] = $1 * 1000} END {printf "%-52s %9s %9.1f %9.1f %9.1f\n", label, found, t[int((NR + 1) / 2)], t[int(NR * 0.99 + 0.999)], t[NR]}'
}
list() { # label query
    measure "GET v2: $1" totalResults "$base/v2?$2"
}
search() { # label filters [sort] [page] [type]
    local body="{\"id\":\"\",\"version\":\"1.0\",\"request\":{\"policyType\":\"${5:-all}\",\"filters\":[$2],\"sort\":[${3:-}],\"pagination\":{\"pageStart\":${4:-0},\"pageFetch\":10}}}"
    measure "search: $1" totalRecord -H 'Content-Type: application/json' --data "$body" "$base/search"
}
filter() { # column type value
    echo "{\"columnName\":\"$1\",\"type\":\"$2\",\"value\":\"$3\"}"
}
echo "-- at most 50 ms"
list 'newest' 'pageNo=0&pageSize=8'
list 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
list 'name contains 12345' 'policyName=12345'
list 'id contains 9999' 'policyId=9999'
list 'description contains' 'policyDescription=number%20777'
list 'group name contains' 'policyGroupName=group%20777'
list 'type contains misp' 'policyType=misp'
list 'status draft' 'status=draft'
list 'status deactivated' 'status=deactivated'
search 'oldest' ''
search 'oldest, offset 10,000' '' '' 1000
search 'name equals' "$(filter name equals 'Million Policy 4711')"
search 'name contains 12345' "$(filter name contains 12345)"
search 'author equals' "$(filter crBy equals author7)"
search 'type MISP' '' '' 0 MISP
search 'group name contains' "$(filter policyGroupName contains 'group 777')"
echo "-- others, at most 1,500 ms"
list 'all, by name' 'sortFieldName=policyName&sortType=asc'
list 'name contains y 1' 'policyName=y%201'
search 'all, by name' '' '{"sortField":"name","sortType":"asc"}'
search 'type Auth' '' '' 0 Auth
search 'version equals 1' "$(filter version equals 1)"
search 'document contains policy' "$(filter policyFileId contains policy)"
