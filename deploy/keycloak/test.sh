#!/bin/sh
# Signs in through a real Keycloak: imports mosip-realm.json, starts `pms up` against it,
# walks the login journey of a browser, and calls with a client's own token.
#
# Usage: test.sh PMS_BINARY [WORK_DIRECTORY]
# Needs a Java runtime (17 or 21), curl, jq and unzip; the first run also Maven (or a mirror of
# its central repository in MAVEN_MIRROR) to fetch the server, which is then kept.
set -eu

VERSION=26.0.8
SHA256=d82a52098db41f036bcfe8f2ebfd9251781c8af5959af8714e8aa9b311081786

here=$(cd "$(dirname "$0")" && pwd)
pms=$(realpath "${1:?usage: test.sh PMS_BINARY [WORK_DIRECTORY]}")
work=${2:-$here/../../target/keycloak}
mkdir -p "$work"
work=$(realpath "$work")
zip=$work/keycloak-quarkus-dist-$VERSION.zip

fail() {
    echo "test-keycloak: $*" >&2
    exit 1
}

for tool in curl jq unzip sha256sum; do
    command -v "$tool" >/dev/null 2>&1 || fail "$tool is missing (Debian: apt-get install curl jq unzip coreutils)"
done
command -v java >/dev/null 2>&1 ||
    fail "a Java runtime is missing (Debian: apt-get install default-jre-headless)"

fetch() {
    [ -f "$zip" ] && return
    echo "Fetching the Keycloak server $VERSION (140 MB, once)"
    if [ -n "${MAVEN_MIRROR:-}" ]; then
        curl -fsSL --max-time 900 -o "$zip.part" \
            "${MAVEN_MIRROR%/}/org/keycloak/keycloak-quarkus-dist/$VERSION/keycloak-quarkus-dist-$VERSION.zip"
        mv "$zip.part" "$zip"
    elif command -v mvn >/dev/null 2>&1; then
        mvn -q -B dependency:copy -Dtransitive=false -DoutputDirectory="$work" \
            -Dartifact="org.keycloak:keycloak-quarkus-dist:$VERSION:zip"
    else
        fail "neither mvn (Debian: apt-get install maven) nor MAVEN_MIRROR is there to fetch Keycloak"
    fi
}

fetch
echo "$SHA256  $zip" | sha256sum -c - >/dev/null || fail "$zip is not what was pinned; delete it"

run=$(mktemp -d)
# PostgreSQL's own user passes through it.
chmod 711 "$run"
keycloak_pid=""
pms_pid=""
stop() {
    for pid in $pms_pid $keycloak_pid; do
        kill "$pid" 2>/dev/null || true
    done
    for pid in $pms_pid $keycloak_pid; do
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$run"
}
trap stop EXIT
trap 'exit 130' INT TERM

unzip -q "$zip" -d "$run"
home=$run/keycloak-$VERSION
mkdir -p "$home/data/import"
cp "$here/mosip-realm.json" "$home/data/import/"

secret=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
admin=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
keycloak_port=${KEYCLOAK_PORT:-18081}
pms_port=${PMS_PORT:-18080}
keycloak=http://127.0.0.1:$keycloak_port/auth
api=http://127.0.0.1:$pms_port
oidc=$keycloak/realms/mosip/protocol/openid-connect

# usage: wait_for NAME PID URL LOG
wait_for() {
    left=240
    until curl -fsS -o /dev/null --max-time 5 "$3" 2>/dev/null; do
        kill -0 "$2" 2>/dev/null || { tail -n 40 "$4" >&2; fail "$1 ended"; }
        left=$((left - 1))
        [ "$left" -gt 0 ] || { tail -n 40 "$4" >&2; fail "$1 does not answer"; }
        sleep 1
    done
}

echo "Starting Keycloak at $keycloak"
env MOSIP_PMS_CLIENT_SECRET="$secret" PMS_API_URL="$api" PMS_PORTAL_URL="$api" \
    KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD="$admin" \
    JAVA_OPTS_APPEND="-Xmx512m" \
    "$home/bin/kc.sh" start-dev --import-realm --http-host=127.0.0.1 \
    --http-port="$keycloak_port" --http-relative-path=/auth >"$run/keycloak.log" 2>&1 &
keycloak_pid=$!
wait_for Keycloak "$keycloak_pid" "$keycloak/realms/mosip/.well-known/openid-configuration" \
    "$run/keycloak.log"

echo "Starting pms up at $api"
env PMS__AUTH__ISSUER="$keycloak/realms/mosip" PMS__SERVICE_ACCOUNT__CLIENT_SECRET="$secret" \
    "$pms" up --port "$pms_port" --data-dir "$run/pms" >"$run/pms.log" 2>&1 &
pms_pid=$!
wait_for pms "$pms_pid" "$api/v1/partnermanager/actuator/health" "$run/pms.log"

echo "A client's own token"
token=$(curl -fsS "$oidc/token" -d grant_type=client_credentials -d client_id=mosip-pms-client \
    -d "client_secret=$secret")
access=$(echo "$token" | jq -r .access_token)
for scope in add_oidc_client update_oidc_client get_certificate upload_certificate; do
    echo "$token" | jq -r .scope | tr ' ' '\n' | grep -qx "$scope" || fail "scope $scope is missing"
done
payload() { # the claims of a token
    part=$(echo "$1" | cut -d. -f2 | tr '_-' '/+')
    while [ $((${#part} % 4)) -ne 0 ]; do part="$part="; done
    echo "$part" | base64 -d
}
payload "$access" | jq -e '.preferred_username == "service-account-mosip-pms-client"
    and (.realm_access.roles | index("PARTNER_ADMIN") and index("PUBLISH_POLICY_UPDATED_GENERAL"))
    ' >/dev/null || fail "the service account lacks roles: $(payload "$access")"
curl -fsS -b "Authorization=$access" "$api/v1/partnermanager/partners" |
    jq -e '.response.partners' >/dev/null || fail "the service account can't list partners"
# Its realm-management roles: names of people.
curl -fsS -H "Authorization: Bearer $access" "$keycloak/admin/realms/mosip/users?max=1" |
    jq -e 'type == "array"' >/dev/null || fail "the service account can't look users up"

echo "A user"
master=$(curl -fsS "$keycloak/realms/master/protocol/openid-connect/token" -d grant_type=password \
    -d client_id=admin-cli -d username=admin -d "password=$admin" | jq -r .access_token)
as_admin() { curl -fsS -H "Authorization: Bearer $master" -H 'Content-Type: application/json' "$@"; }
as_admin "$keycloak/admin/realms/mosip/users" -d '{
    "username": "acme", "email": "info@acme.example", "firstName": "Ann", "lastName": "Acme",
    "enabled": true, "emailVerified": true,
    "credentials": [{"type": "password", "value": "correct horse", "temporary": false}],
    "attributes": {"organizationName": ["Acme"], "partnerType": ["AUTH_PARTNER"],
        "address": ["1 Main Street"], "phoneNumber": ["700-1"], "langCode": ["eng"]}}'
id=$(as_admin "$keycloak/admin/realms/mosip/users?username=acme&exact=true" | jq -r '.[0].id')
role=$(as_admin "$keycloak/admin/realms/mosip/roles/AUTH_PARTNER")
as_admin "$keycloak/admin/realms/mosip/users/$id/role-mappings/realm" -d "[$role]"

jar=$run/cookies
browse() { # status and Location; the page goes to $run/page
    curl -sS --max-time 30 -b "$jar" -c "$jar" -o "$run/page" -H 'Accept: text/html' \
        -w '%{http_code} %{redirect_url}\n' "$@"
}
form_action() { # of the form with this id
    tr '\n' ' ' <"$run/page" | grep -o "<form[^>]*id=\"$1\"[^>]*" |
        sed 's/.*action="\([^"]*\)".*/\1/; s/&amp;/\&/g'
}
target="$api/#/partnermanagement/dashboard?a=1"
tail=$(printf %s "$target" | base64 -w0)
state=1b4e28ba-2fa1-41d2-883f-0016d3cca427

echo "The registration page"
jar=$run/visitor
page=$(browse "$api/v1/partnermanager/login/$tail?state=$state")
browse "${page#302 }" >/dev/null
register=$(grep -o 'href="[^"]*registration[^"]*"' "$run/page" | head -n 1 |
    sed 's/href="//; s/"$//; s/&amp;/\&/g')
answer=$(browse "http://127.0.0.1:$keycloak_port$register")
for field in username password email firstName lastName organizationName partnerType address \
    phoneNumber langCode; do
    grep -q "name=\"$field\"" "$run/page" || fail "the registration page lacks $field: $answer"
done

echo "Logging in"
jar=$run/cookies
answer=$(browse "$api/v1/partnermanager/login/$tail?state=$state")
page=${answer#302 }
case "$page" in "$oidc/auth?"*) ;; *) fail "no way to the login page: $answer" ;; esac
answer=$(browse "$page")
[ "${answer%% *}" = 200 ] || fail "no login page: $answer"
answer=$(browse "$(form_action kc-form-login)" --data-urlencode username=acme \
    --data-urlencode 'password=correct horse')
back=${answer#302 }
case "$back" in "$api/v1/partnermanager/login-redirect/$tail?"*) ;;
*) fail "no way back: $answer $(tr -d '\n' <"$run/page" | head -c 3000)" ;; esac
answer=$(browse "$back")
[ "$answer" = "302 $target" ] || fail "not at the portal: $answer $(cat "$run/page")"

whoami=$api/v1/partnermanager/authorize/admin/validateToken
answer=$(browse "$whoami")
jq -e '.errors == null and .response.userId == "acme"
    and (.response.role | split(",") | index("AUTH_PARTNER") != null)' "$run/page" >/dev/null ||
    fail "who is it? $answer $(cat "$run/page")"
payload "$(jq -r .response.token "$run/page")" | jq -e '.addressTest == "1 Main Street"
    and .phoneNumber == "700-1" and .organizationName == "Acme" and .partnerType == "AUTH_PARTNER"
    and .langCode == "eng" and .given_name == "Ann" and .family_name == "Acme"
    and .email == "info@acme.example" and .azp == "mosip-pms-client"' >/dev/null ||
    fail "the portal's claims are incomplete"
answer=$(curl -sS -b "$jar" -o /dev/null -w '%{http_code}' "$api/v1/partnermanager/roles")
[ "$answer" = 200 ] || fail "the login is of no use: $answer"
answer=$(browse "$back")
grep -q KER-ACP-007 "$run/page" || fail "an old address works again: $answer"

echo "Logging out"
home_tail=$(printf %s "$api/#/partnermanagement/dashboard" | base64 -w0)
answer=$(browse "$api/v1/partnermanager/logout/user?redirecturi=$home_tail")
page=${answer#302 }
case "$page" in "$oidc/logout?"*) ;; *) fail "no way to the logout page: $answer" ;; esac
answer=$(browse "$page")
[ "${answer%% *}" = 200 ] || fail "Keycloak does not know the portal: $answer"
# Without an ID token Keycloak asks whether this is meant.
answer=$(browse "http://127.0.0.1:$keycloak_port$(tr '\n' ' ' <"$run/page" |
    grep -o '<form[^>]*logout-confirm[^>]*' | sed 's/.*action="\([^"]*\)".*/\1/; s/&amp;/\&/g' |
    sed "s|^http://127.0.0.1:$keycloak_port||")" \
    --data-urlencode "session_code=$(grep -o 'name="session_code" value="[^"]*"' "$run/page" |
        sed 's/.*value="//; s/"$//')" --data-urlencode confirmLogout=Logout)
case "$answer" in "302 $api/"*) ;; *) fail "not back at the portal: $answer" ;; esac
answer=$(browse "$whoami")
[ "${answer%% *}" = 401 ] || fail "still logged in: $answer"

echo "Keycloak $VERSION: login, claims, roles, logout and the service account work."
