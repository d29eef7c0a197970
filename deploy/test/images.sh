#!/usr/bin/env bash
# Tests the images: builds them (PROFILE as in deploy/images/build.sh), looks at what is
# in them, starts them with nothing but the environment of the reference's charts
# against a config server, and lets `pms demo` pass through nginx with the charts' own
# prefixes. Needs root, buildah, PostgreSQL, nginx, python3, curl.
set -euo pipefail
cd "$(dirname "$0")/../.."
top=$PWD
export TAG=${TAG:-test}
# For builds with other profiles than release.
limit=${IMAGE_LIMIT_MIB:-60}
work=$(mktemp -d /tmp/pms-image-test.XXXXXX)
chmod 711 "$work"
pids=()
finish() {
    kill -INT "$(head -1 "$work/postgres/data/postmaster.pid" 2>/dev/null)" 2>/dev/null || true
    for pid in "${pids[@]}"; do
        for process in $(inner "$pid"); do kill -TERM "$process" 2>/dev/null || true; done
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
    for container in "${containers[@]:-}"; do [ -z "$container" ] || buildah rm "$container" >/dev/null 2>&1 || true; done
    rm -rf "$work"
}
containers=()
trap finish EXIT
fail() {
    echo "FAILED $1" >&2
    for log in "$work"/*.log; do echo "== $log" >&2; tail -n 15 "$log" >&2; done
    exit 1
}

[ -n "${SKIP_BUILD:-}" ] || deploy/images/build.sh
images=(partner-service policy-service certificate-service pms)

for image in "${images[@]}"; do
    container=$(buildah from --pull-never "localhost/pms/$image:$TAG")
    containers+=("$container")
    eval "container_${image//-/_}=$container"
    root=$(buildah mount "$container")
    bytes=$(du -sb "$root" | cut -f1)
    echo "$image: $((bytes / 1048576)) MiB unpacked, binary $(($(stat -c %s "$root/usr/local/bin/entrypoint") / 1048576)) MiB"
    [ "$image" = pms ] || [ "$bytes" -le $((limit * 1048576)) ] || fail "$image is larger than $limit MiB"
    [ "$(buildah inspect --format '{{.OCIv1.Config.User}}' "$container")" = 1002:1001 ] || fail "$image: user"
    buildah inspect --format '{{.OCIv1.Config.Env}}' "$container" | grep -q MALLOC_ARENA_MAX=2 || fail "$image: allocator"
    [ ! -e "$root/bin/sh" ] || fail "$image has a shell"
    [ -s "$root/etc/ssl/certs/ca-certificates.crt" ] && [ -e "$root/usr/share/zoneinfo/Asia/Kolkata" ] || fail "$image: certificates or time zones"
    bill=$(python3 -c 'import json,sys; d=json.load(open(sys.argv[1])); assert d["bomFormat"]=="CycloneDX" and len(d["components"])>100; print(d["metadata"]["component"]["name"], *sorted(c["name"] for c in d["components"] if c["name"].startswith("pms-") and c["name"].endswith("-service")))' "$root/usr/share/pms/sbom.json") || fail "$image: bill of materials"
    # Of its own binary, with the services that are in it and no others.
    case $image in
    partner-service) expected="pms-partner-process pms-certificate-service pms-partner-service" ;;
    pms) expected="pms pms-certificate-service pms-partner-service pms-policy-service" ;;
    *) expected=pms-$image ;;
    esac
    [ "$bill" = "$expected" ] || fail "$image: the bill of materials is that of $bill"
    (cd "$root" && find . -type f -newer "$work" | head -1 | grep -q . ) && fail "$image: files from after the commit" || true
done

port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
# What runs in an image: start NAME CONTAINER [VARIABLE=VALUE…] -- [ARGUMENT…]
start() {
    local name=$1 container=$2 options=()
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=(--env "$1"); shift; done
    [ $# -eq 0 ] || shift
    buildah run --isolation chroot --user 1002:1001 "${options[@]}" "$container" -- /usr/local/bin/entrypoint "$@" >"$work/$name.log" 2>&1 &
    pids+=($!)
    eval "pid_${name//-/_}=$!"
}
# The process itself: buildah answers a signal with SIGKILL.
inner() { # pid of buildah
    local pid=$1 child
    for child in $(pgrep -P "$pid"); do
        if tr '\0' ' ' <"/proc/$child/cmdline" | grep -q '^/usr/local/bin/entrypoint'; then echo "$child"; else inner "$child"; fi
    done
}
await() { # url seconds
    for _ in $(seq "$(($2 * 5))"); do
        curl -sf -o /dev/null "$1" && return
        sleep 0.2
    done
    fail "$1 does not answer"
}

# A PostgreSQL that containers reach.
pg=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
database=$(port)
install -d -o postgres "$work/postgres"
runuser -u postgres -- "$pg/initdb" -D "$work/postgres/data" -A trust >/dev/null
runuser -u postgres -- "$pg/postgres" -D "$work/postgres/data" -p "$database" -k "$work/postgres" -c listen_addresses=127.0.0.1 >"$work/postgres.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do "$pg/pg_isready" -q -h 127.0.0.1 -p "$database" && break; sleep 0.2; done
psql -qh 127.0.0.1 -p "$database" -U postgres -c 'CREATE DATABASE mosip_pms' -c "CREATE ROLE pmsuser LOGIN PASSWORD 'x'"

# The schema, by the image for Jobs, as the chart's hook runs it.
owner=postgres://postgres@127.0.0.1:$database/mosip_pms
start migrate "$container_pms" -- migrate --database-url "$owner"
wait "$pid_migrate" || fail "pms migrate"
start seed "$container_pms" -- seed --database-url "$owner"
wait "$pid_seed" || fail "pms seed"
psql -qh 127.0.0.1 -p "$database" -U postgres mosip_pms -c 'GRANT USAGE ON SCHEMA pms, keymgr TO pmsuser' \
    -c 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pms, keymgr TO pmsuser' -c 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA pms TO pmsuser' \
    -c 'GRANT SELECT ON public.__diesel_schema_migrations TO pmsuser'

# The system around them: identity provider, hub and a key manager, from the developers' binary.
pms=${PMS:-${CARGO_TARGET_DIR:-$top/target}/debug/pms}
[ -x "$pms" ] || fail "PMS names no pms binary with the development parts"
up=$(port)
base=http://127.0.0.1:$up
PMS__OUTBOX__DISPATCH=false PMS__SERVICE_ACCOUNT__CLIENT_SECRET=image-test "$pms" up --port "$up" --data-dir "$work/data" --database-url "$owner" >"$work/up.log" 2>&1 &
pids+=($!)
await "$base/v1/policymanager/actuator/health" 60

# Nothing but what the reference's charts pass, and a config server that starts late.
config=$(port)
cat >"$work/properties.json" <<P
[["overrides", {"mosip.pms.client.secret": "image-test", "db.dbuser.password": "x", "keycloak.internal.url": "$base"}],
 ["partner-management-qa", {"mosip.pmp.database.hostname": "\${mosip.database.hostname.override:127.0.0.1}"}],
 ["partner-management-default", {
   "javax.persistence.jdbc.url": "jdbc:postgresql://\${mosip.pmp.database.hostname}:\${mosip.database.port.override:$database}/mosip_pms",
   "javax.persistence.jdbc.user": "pmsuser", "javax.persistence.jdbc.password": "\${db.dbuser.password}",
   "mosip.pmp.auth.clientId": "mosip-pms-client", "mosip.pmp.auth.secretKey": "\${mosip.pms.client.secret}",
   "pmp.partner.certificaticate.upload.rest.uri": "\${mosip.kernel.keymanager.url}/v1/keymanager/uploadPartnerCertificate",
   "pmp.encrypt.data.post.rest.uri": "\${mosip.kernel.keymanager.url}/v1/keymanager/encrypt"}],
 ["application-default", {
   "mosip.kernel.keymanager.url": "$base", "websub.publish.url": "$base/dev/hub",
   "auth.server.admin.issuer.uri": "\${keycloak.external.url:\${keycloak.internal.url}}/auth/realms/",
   "auth.server.admin.issuer.internal.uri": "\${keycloak.internal.url}/auth/realms/"}]]
P
python3 deploy/test/config_server.py "$config" "$work/properties.json" >"$work/config.log" 2>&1 &
pids+=($!)
swap=("spring_config_url_env=http://127.0.0.1:$config/config" spring_config_label_env=v1 active_profile_env=default,qa container_user=mosip "JDK_JAVA_OPTIONS=-Xms2750M" SPRING_PROFILES_ACTIVE=x)
start partner "$container_partner_service" "${swap[@]}"
await http://127.0.0.1:9109/v1/partnermanager/actuator/health 60
start policy "$container_policy_service" "${swap[@]}"
await http://127.0.0.1:9107/v1/policymanager/actuator/health 60
token=$("$pms" token --user partner-admin --url "$base")
code=$(curl -s -o "$work/answer" -w '%{http_code}' -H "Cookie: Authorization=$token" 'http://127.0.0.1:9109/v1/partnermanager/misps')
[ "$code" = 200 ] || fail "partner-service alone does not answer certificate-service's routes: $code $(cat "$work/answer")"
kill -TERM "$(inner "$pid_partner")"
wait "$pid_partner" || fail "partner-service did not stop well"
start alone "$container_policy_service" spring_config_url_env=http://127.0.0.1:9/config PMS__CONFIG__WAIT_SECONDS=1
if wait "$pid_alone"; then fail "a config server that is away is no failure"; fi
grep -q 'http://127.0.0.1:9/config/partner-management' "$work/alone.log" || fail "the config server is not named"
echo "image swap: started by the four variables, stopped well, named the config server that is away"

# All three behind nginx, with the charts' own prefixes.
proxy=$(port)
manager=$(port)
ours=("${swap[@]}" PMS__SERVICES__CERTIFICATE_URL=http://127.0.0.1:9111 "PMS__KEY_MANAGER__URL=http://127.0.0.1:$manager/v1/keymanager" "PMS__KEY_MANAGER__PORT=$manager")
start certificate "$container_certificate_service" "${ours[@]}" "PMS__KEY_MANAGER__KEK=$(cat "$work/data/kek")"
await http://127.0.0.1:9111/v1/keymanager/actuator/health 60
start partner "$container_partner_service" "${ours[@]}"
await http://127.0.0.1:9109/v1/partnermanager/actuator/health 60
mkdir -p "$work/nginx"
sed -e "s/8088/$proxy/" -e "s|/tmp/pms-nginx|$work/nginx/x|" deploy/nginx/pms.conf >"$work/nginx.conf"
nginx -p "$work/nginx" -c "$work/nginx.conf" >"$work/nginx.log" 2>&1 &
pids+=($!)
await "http://127.0.0.1:$proxy/v1/policymanager/actuator/health" 20
for user in boss:PARTNER_ADMIN,POLICYMANAGER bank-one:AUTH_PARTNER; do
    roles=$(echo "${user#*:}" | sed 's/[^,]*/"&"/g')
    curl -sf -o /dev/null -H 'Content-Type: application/json' "$base/auth/realms/mosip/dev/users" \
        -d "{\"username\":\"${user%%:*}\",\"password\":\"demo-password\",\"roles\":[$roles]}" || fail "user $user"
done
"$pms" demo --url "http://127.0.0.1:$proxy" --issuer "$base/auth/realms/mosip" --admin-user boss --admin-password demo-password \
    --partner-user bank-one --partner-password demo-password >"$work/demo.log" 2>&1 || fail "pms demo through the three images"
echo "pms demo passes through the three images behind nginx"
start check "$container_pms" "${ours[@]}" -- check
wait "$pid_check" || fail "pms check in the image"
echo "pms check finds no fault"
