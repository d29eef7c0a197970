#!/usr/bin/env bash
# Measures lists and searches over 1,000,000 rows, in a scratch cluster that is
# removed at the end.
# Usage: benches/million.sh DIRECTORY_OF_BINARIES [policies] [partners] [requests] [keys] [devices] [chips] [reads]
# Without a subject all are measured. ROWS (policies and partners; twice as many
# requests and keys) and REQUESTS (per line of the table) can be set; loopback only.
set -euo pipefail
bin=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
shift
subjects=" ${*:-policies partners requests keys devices chips reads} "
for subject in $subjects; do
    case $subject in
        policies | partners | requests | keys | devices | chips | reads) ;;
        *) echo "unknown subject: $subject" >&2; exit 2 ;;
    esac
done
rows=${ROWS:-1000000}
requests=${REQUESTS:-220}
port=${PORT:-18090}
begin million

export PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json
up pms "http://127.0.0.1:$port/v1/policymanager/actuator/health" "$bin/pms" up --port "$port" --data-dir "$dir/data"
use_database

wants() { # subject...
    local subject
    for subject; do
        case $subjects in *" $subject "*) return 0 ;; esac
    done
    return 1
}
load() { # file variables...
    local file=$1
    shift
    psql -q -v ON_ERROR_STOP=1 "${@/#/-v}" -f "$here/$file"
}
# Mapping requests and API keys name policies, but few are enough.
policies=10000
if wants policies || [ "$rows" -lt "$policies" ]; then
    policies=$rows
fi
echo "== $policies policies"
load million-policies.sql "rows=$policies"
if wants partners requests keys reads; then
    echo "== $rows partners, $((rows * 2)) mapping requests, $((rows * 2)) API keys"
    load million-partners.sql "rows=$rows" "pairs=$((rows * 2))" "policies=$policies"
fi
if wants devices; then
    echo "== $rows devices, 20000 SBIs, $((rows / 5)) mappings"
    load million-devices.sql "rows=$rows" "pairs=$((rows / 5))"
fi
if wants chips; then
    echo "== $((rows / 10)) FTM chips"
    load million-chips.sql "rows=$((rows / 10))"
fi

printf '%-52s %9s %9s %9s %9s\n' "$requests requests each, one at a time" 'rows' 'p50 ms' 'p99 ms' 'worst ms'

sign_in() { # user
    token=$("$bin/pms" token --url "http://127.0.0.1:$port" --user "$1")
}
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
    timed "$label" "$found" "${asked[@]}" "$url${mark}n=[1-$requests]"
}
timed() { # label rows curl-arguments...
    local label=$1 found=$2
    shift 2
    curl -s -H "Cookie: Authorization=$token" "$@" -o /dev/null -w '%{time_total}\n' |
        sort -n |
        awk -v label="$label" -v found="$found" \
            '{t[NR] = $1 * 1000} END {printf "%-52s %9s %9.1f %9.1f %9.1f\n", label, found, t[int((NR + 1) / 2)], t[int(NR * 0.99 + 0.999)], t[NR]}'
}
# label path ; N in the path is a number that nobody asked for before.
read_as_others_do() {
    local url=http://127.0.0.1:$port/v1/$2 answer
    answer=$(curl -sg -H "Cookie: Authorization=$token" "${url//N/4711}")
    case $answer in *'"errors":[]'*) ;; *) echo "$1: $answer" >&2; exit 1 ;; esac
    timed "$1" 1 "${url//N/[$((rows / 2))-$((rows / 2 + requests - 1))]}"
}
policies_url=http://127.0.0.1:$port/v1/policymanager/policies
partners_url=http://127.0.0.1:$port/v1/partnermanager/partners
list() { # label query
    measure "GET v2: $1" totalResults "$policies_url/v2?$2"
}
admin_list() { # path label query
    measure "GET $1: $2" totalResults "http://127.0.0.1:$port/v1/partnermanager/$1?$3"
}
policy_search() { # label filters [sort] [page] [type]
    local body="{\"id\":\"\",\"version\":\"1.0\",\"request\":{\"policyType\":\"${5:-all}\",\"filters\":[$2],\"sort\":[${3:-}],\"pagination\":{\"pageStart\":${4:-0},\"pageFetch\":10}}}"
    measure "search: $1" totalRecord -H 'Content-Type: application/json' --data "$body" "$policies_url/search"
}
filter() { # column type value
    echo "{\"columnName\":\"$1\",\"type\":\"$2\",\"value\":\"$3\"}"
}
search() { # path label filters [sort] [page] [type]
    local body="{\"id\":\"\",\"version\":\"1.0\",\"request\":{\"partnerType\":\"${6:-all}\",\"filters\":[$3],\"sort\":[${4:-}],\"pagination\":{\"pageStart\":${5:-0},\"pageFetch\":10}}}"
    measure "$2" totalRecord -H 'Content-Type: application/json' --data "$body" "$partners_url$1/search"
}
partners() { search '' "$@"; }
requests() { search /apikey/request "$@"; }
keys() { search /apikey "$@"; }
chips() { # label filters
    local body="{\"id\":\"\",\"version\":\"1.0\",\"request\":{\"filters\":[$2],\"sort\":[],\"pagination\":{\"pageStart\":0,\"pageFetch\":10}}}"
    measure "chips: $1" totalRecord -H 'Content-Type: application/json' --data "$body" "http://127.0.0.1:$port/v1/partnermanager/ftpchipdetail/search"
}
registry_url=http://127.0.0.1:$port/v1/partnermanager/devices/registry
cursor_of() { # kind first second ; of the registry's present state
    local state
    state=$(curl -sg -H "Cookie: Authorization=$token" "$registry_url?pageSize=1" | sed -n 's/.*"state":"\([^"]*\)".*/\1/p')
    printf '["%s","%s","%s","%s"]' "$state" "$1" "$2" "$3" | base64 -w 0 | tr '+/' '-_' | tr -d '='
}
registry() { # label cursor
    measure "registry: $1" totalResults "$registry_url?cursor=$2"
}
whole_registry() { # follows the cursors, 2,000 lines at a time
    local begun pages=0 cursor='' answer
    begun=$(date +%s%N)
    while answer=$(curl -sg -H "Cookie: Authorization=$token" "$registry_url?pageSize=2000&cursor=$cursor"); do
        case $answer in *'"errors":[]'*) ;; *) echo "registry: $answer" >&2; exit 1 ;; esac
        pages=$((pages + 1))
        cursor=$(sed -n 's/.*"nextCursor":"\([^"]*\)".*/\1/p' <<<"$answer")
        [ -n "$cursor" ] || break
    done
    printf '%-52s %9s %9.1f ms per page\n' 'registry: all pages' "$pages" \
        "$(awk -v ns="$(($(date +%s%N) - begun))" -v pages="$pages" 'BEGIN {print ns / 1e6 / pages}')"
}
promised() { echo "-- $1: at most 50 ms"; }
others() { echo "-- $1: others, at most 1,500 ms"; }

policies_are_fast() {
    sign_in policy-manager
    promised policies
    list 'newest' 'pageNo=0&pageSize=8'
    list 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
    list 'name contains 12345' 'policyName=12345'
    list 'id contains 9999' 'policyId=9999'
    list 'description contains' 'policyDescription=number%20777'
    list 'group name contains' 'policyGroupName=group%20777'
    list 'type contains misp' 'policyType=misp'
    list 'status draft' 'status=draft'
    list 'status deactivated' 'status=deactivated'
    policy_search 'oldest' ''
    policy_search 'oldest, offset 10,000' '' '' 1000
    policy_search 'name equals' "$(filter name equals 'Million Policy 4711')"
    policy_search 'name contains 12345' "$(filter name contains 12345)"
    policy_search 'author equals' "$(filter crBy equals author7)"
    policy_search 'type MISP' '' '' 0 MISP
    policy_search 'group name contains' "$(filter policyGroupName contains 'group 777')"
    others policies
    list 'all, by name' 'sortFieldName=policyName&sortType=asc'
    list 'name contains y 1' 'policyName=y%201'
    policy_search 'all, by name' '' '{"sortField":"name","sortType":"asc"}'
    policy_search 'type Auth' '' '' 0 Auth
    policy_search 'version equals 1' "$(filter version equals 1)"
    policy_search 'document contains policy' "$(filter policyFileId contains policy)"
}

partners_are_fast() {
    sign_in partner-admin
    promised partners
    partners 'oldest' ''
    partners 'oldest, offset 10,000' '' '' 1000
    partners 'id equals' "$(filter id equals MT4711)"
    partners 'name equals' "$(filter name equals 'million partner 4711')"
    partners 'name contains 12345' "$(filter name contains 12345)"
    partners 'name starts with' "$(filter name startsWith 'Million partner 4711')"
    partners 'user contains' "$(filter userId contains user4711)"
    partners 'policy group equals' "$(filter policyGroupId equals mg777)"
    partners 'certificate contains' "$(filter certificateAlias contains c4ca4)"
    partners 'author equals' "$(filter crBy equals author7)"
    partners 'status InProgress' "$(filter approvalStatus equals inprogress)"
    partners 'inactive' "$(filter isActive equals false)"
    partners 'type MISP' '' '' 0 MISP_Partner
    partners 'type contains misp' "$(filter partnerTypeCode contains misp)"
    partners 'type MISP and inactive' "$(filter isActive equals false)" '' 0 MISP_Partner
    admin_list admin-partners 'newest' 'pageNo=0&pageSize=8'
    admin_list admin-partners 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
    admin_list admin-partners 'id contains' 'partnerId=mt4711'
    admin_list admin-partners 'name contains' 'orgName=12345'
    admin_list admin-partners 'type contains misp' 'partnerType=misp'
    admin_list admin-partners 'group name contains' 'policyGroupName=group%20777'
    admin_list admin-partners 'e-mail' 'emailAddress=million4711@example.org'
    admin_list admin-partners 'inactive' 'isActive=false'
    admin_list admin-partners 'without certificate' 'certificateUploadStatus=not_uploaded'
    others partners
    admin_list admin-partners 'all, by name' 'sortFieldName=orgName&sortType=asc'
    admin_list admin-partners 'active' 'isActive=true'
    partners 'all, by name' '' '{"sortField":"name","sortType":"asc"}'
    partners 'name contains r 1' "$(filter name contains 'r 1')"
    partners 'type Auth' '' '' 0 Auth_Partner
    partners 'active' "$(filter isActive equals true)"
    sign_in auth-partner
    promised 'partners of a partner'
    partners 'own' ''
    partners 'own, name contains' "$(filter name contains partner)"
}

requests_are_fast() {
    sign_in partner-admin
    promised 'mapping requests'
    requests 'oldest' ''
    requests 'oldest, offset 10,000' '' '' 1000
    requests 'id equals' "$(filter apikeyRequestId equals MR4711)"
    requests 'id contains' "$(filter apikeyRequestId contains mr4711)"
    requests 'policy equals' "$(filter policyId equals mp777)"
    requests 'status InProgress' "$(filter statusCode equals inprogress)"
    requests 'detail contains' "$(filter requestDetail contains 'reason 4711')"
    requests 'author equals' "$(filter crBy equals user777)"
    requests 'partner equals' "$(filter partnerId equals mt777)"
    requests 'partner name contains' "$(filter partnerName contains 'partner 4711')"
    requests 'policy name contains' "$(filter policyName contains 'policy 4711')"
    admin_list partner-policy-requests 'newest' 'pageNo=0&pageSize=8'
    admin_list partner-policy-requests 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
    admin_list partner-policy-requests 'partner contains' 'pageNo=0&pageSize=8&partnerId=mt4711'
    admin_list partner-policy-requests 'name contains' 'pageNo=0&pageSize=8&orgName=partner%204711'
    admin_list partner-policy-requests 'policy contains' 'pageNo=0&pageSize=8&policyName=policy%204711'
    admin_list partner-policy-requests 'comment contains' 'pageNo=0&pageSize=8&partnerComment=reason%204711'
    admin_list partner-policy-requests 'in progress' 'pageNo=0&pageSize=8&status=InProgress'
    others 'mapping requests'
    admin_list partner-policy-requests 'by name' 'pageNo=0&pageSize=8&sortFieldName=orgName&sortType=asc'
    admin_list partner-policy-requests 'approved' 'pageNo=0&pageSize=8&status=approved'
    requests 'all, by detail' '' '{"sortField":"requestDetail","sortType":"asc"}'
    requests 'status approved' "$(filter statusCode equals approved)"
    requests 'detail equals' "$(filter requestDetail equals 'Reason 4711')"
    requests 'partner name contains 77' "$(filter partnerName contains 77)"
    sign_in auth-partner
    promised 'mapping requests of a partner'
    requests 'own' ''
    requests 'own, status approved' "$(filter statusCode equals approved)"
}

keys_are_fast() {
    sign_in partner-admin
    promised 'API keys'
    keys 'oldest' ''
    keys 'oldest, offset 10,000' '' '' 1000
    keys 'label equals' "$(filter label equals 'Label 4711')"
    keys 'label contains' "$(filter label contains 'label 4711')"
    keys 'key equals' "$(filter policyApiKey equals mk4711)"
    keys 'policy equals' "$(filter policyId equals mp777)"
    keys 'author equals' "$(filter crBy equals user777)"
    keys 'inactive' "$(filter isActive equals false)"
    keys 'partner equals' "$(filter partnerId equals mt777)"
    keys 'partner name equals' "$(filter partnerName equals 'Million partner 4711')"
    keys 'policy name equals' "$(filter policyName equals 'million policy 4711')"
    admin_list partner-api-keys 'newest' 'pageNo=0&pageSize=8'
    admin_list partner-api-keys 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
    admin_list partner-api-keys 'partner contains' 'pageNo=0&pageSize=8&partnerId=mt4711'
    admin_list partner-api-keys 'label contains' 'pageNo=0&pageSize=8&apiKeyLabel=label%204711'
    admin_list partner-api-keys 'name contains' 'pageNo=0&pageSize=8&orgName=partner%204711'
    admin_list partner-api-keys 'policy contains' 'pageNo=0&pageSize=8&policyName=policy%204711'
    admin_list partner-api-keys 'deactivated' 'pageNo=0&pageSize=8&status=deactivated'
    others 'API keys'
    admin_list partner-api-keys 'by label' 'pageNo=0&pageSize=8&sortFieldName=apiKeyLabel&sortType=asc'
    admin_list partner-api-keys 'activated' 'pageNo=0&pageSize=8&status=activated'
    keys 'all, by label' '' '{"sortField":"label","sortType":"asc"}'
    keys 'active' "$(filter isActive equals true)"
    sign_in auth-partner
    promised 'API keys of a partner'
    keys 'own' ''
    keys 'own, active' "$(filter isActive equals true)"
}

of_devices() { # path label filters [sort] [page]
    local body="{\"id\":\"\",\"version\":\"1.0\",\"request\":{\"filters\":[$3],\"sort\":[${4:-}],\"pagination\":{\"pageStart\":${5:-0},\"pageFetch\":10}}}"
    measure "$1: $2" totalRecord -H 'Content-Type: application/json' --data "$body" "http://127.0.0.1:$port/v1/partnermanager/$1"
}
devices() { of_devices devicedetail/search "$@"; }
sbis() { of_devices securebiometricinterface/search "$@"; }
maps() { of_devices securebiometricinterface/devicedetails/map/search "$@"; }

devices_are_fast() {
    sign_in partner-admin
    promised devices
    devices 'oldest' ''
    devices 'oldest, offset 10,000' '' '' 1000
    devices 'id equals' "$(filter id equals 100000000000004711)"
    devices 'provider equals' "$(filter deviceProviderId equals MD777)"
    devices 'make equals' "$(filter make equals 'Make 4711')"
    devices 'model contains' "$(filter model contains 'model 4711')"
    devices 'status pending' "$(filter approvalStatus equals pending_approval)"
    devices 'type Iris' "$(filter deviceTypeCode equals iris)"
    devices 'organisation contains' "$(filter partnerOrganizationName contains 'provider 777')"
    admin_list devicedetail 'newest' 'pageNo=0&pageSize=8'
    admin_list devicedetail 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
    admin_list devicedetail 'make contains' 'make=make%204711'
    admin_list devicedetail 'provider contains' 'partnerId=md777'
    admin_list devicedetail 'organisation contains' 'orgName=provider%20777'
    admin_list devicedetail 'device contains' 'deviceId=004711'
    admin_list devicedetail 'SBI contains' 'sbiId=sbi-4711'
    admin_list devicedetail 'pending' 'status=pending_approval&pageSize=1'
    sbis 'oldest' ''
    sbis 'provider equals' "$(filter providerId equals md777)"
    maps 'oldest' ''
    maps 'provider equals' "$(filter providerId equals md777)"
    maps 'device' "$(filter deviceDetailId equals 100000000000004711)"
    admin_list securebiometricinterface 'newest' 'pageNo=0&pageSize=8'
    others devices
    devices 'all, by make' '' '{"sortField":"make","sortType":"asc"}'
    devices 'status approved' "$(filter approvalStatus equals approved)"
    admin_list devicedetail 'all, by make' 'sortFieldName=make&sortType=asc'
    admin_list devicedetail 'approved' 'status=approved'
}

reads_are_fast() {
    sign_in partner-admin
    echo '-- what the other modules read: p50 below 5 ms'
    read_as_others_do 'partner by id' partnermanager/partners/mtN
    read_as_others_do 'policy of a credential type' partnermanager/partners/mtN/credentialtype/qrcode/policies
    read_as_others_do 'bio extractors' partnermanager/partners/mtN/bioextractors/mp1
    read_as_others_do 'policy of an API key' "partnermanager/partners/mt$((rows / 2))/apikey/mk$((rows - 1))?n=N"
    sign_in policy-manager
    read_as_others_do 'policy for a partner' "policymanager/policies/mp$((1 + (rows - 1) % policies))/partner/mt$((rows / 2))?n=N"
}

chips_are_fast() {
    sign_in partner-admin
    promised 'FTM chips and the registry'
    admin_list ftpchipdetail/v2 'newest' 'pageNo=0&pageSize=8'
    admin_list ftpchipdetail/v2 'newest, offset 10,000' 'pageNo=1250&pageSize=8'
    admin_list ftpchipdetail/v2 'model contains' 'model=model%204711'
    admin_list ftpchipdetail/v2 'provider contains' 'partnerId=mf777'
    admin_list ftpchipdetail/v2 'waiting for approval' 'status=pending_approval&pageSize=1'
    chips 'model equals' "$(filter model equals 'model 4711')"
    chips 'provider equals' "$(filter ftpProviderId equals mf777)"
    registry 'first page' ''
    registry 'in the middle' "$(cursor_of device sbi-15 '')"
    registry 'chips' "$(cursor_of chip "$((200000000000000000 + rows / 20))" '')"
    others 'the whole registry'
    whole_registry
}

for subject in policies partners requests keys devices chips reads; do
    if wants "$subject"; then
        "${subject}_are_fast"
    fi
done

# What the lines above did not need. Look-ups of single rows, of uniqueness and of the
# outbox are not measured here: an index that serves one of them stays.
echo '== indexes that no statement above used'
psql -q -At -F '  ' -c "
    SELECT indexrelname, relname, pg_size_pretty(pg_relation_size(indexrelid))
    FROM pg_stat_user_indexes JOIN pg_index USING (indexrelid)
    WHERE schemaname = 'pms' AND idx_scan = 0 AND NOT indisunique AND pg_relation_size(relid) > 1000000
    ORDER BY relname, indexrelname"
