#!/bin/sh
# Signs in through a real Keycloak: imports mosip-realm.json, starts `pms up` against it,
# walks the login journey of a browser with what can go wrong on the way, and calls with a
# client's own token.
#
# Usage: test.sh PMS_BINARY [WORK_DIRECTORY]
# The ports are 18081 and 18080, unless KEYCLOAK_PORT and PMS_PORT name others.
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

for port in "$keycloak_port" "$pms_port"; do
    free=0
    curl -s -o /dev/null --max-time 2 "http://127.0.0.1:$port/" || free=$?
    [ "$free" -eq 7 ] || # nobody listens
        fail "port $port is taken; KEYCLOAK_PORT and PMS_PORT name others"
done

# usage: wait_for NAME PID URL LOG
wait_for() {
    left=900
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

start_pms() { # with these settings beside the usual ones
    env PMS__AUTH__ISSUER="$keycloak/realms/mosip" \
        PMS__SERVICE_ACCOUNT__CLIENT_SECRET="$secret" "$@" \
        "$pms" up --port "$pms_port" --data-dir "$run/pms" >>"$run/pms.log" 2>&1 &
    pms_pid=$!
    wait_for pms "$pms_pid" "$api/v1/partnermanager/actuator/health" "$run/pms.log"
}

echo "Starting pms up at $api"
start_pms

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
expected='["CREATE_SHARE", "DEVICE_PROVIDER", "PARTNER", "PARTNER_ADMIN", "PMS_ADMIN", "PMS_USER",
    "PUBLISH_APIKEY_APPROVED_GENERAL", "PUBLISH_APIKEY_UPDATED_GENERAL",
    "PUBLISH_CA_CERTIFICATE_UPLOADED_GENERAL", "PUBLISH_MISP_LICENSE_GENERATED_GENERAL",
    "PUBLISH_MISP_LICENSE_UPDATED_GENERAL", "PUBLISH_OIDC_CLIENT_CREATED_GENERAL",
    "PUBLISH_OIDC_CLIENT_UPDATED_GENERAL", "PUBLISH_PARTNER_UPDATED_GENERAL",
    "PUBLISH_POLICY_UPDATED_GENERAL", "REGISTRATION_PROCESSOR",
    "SUBSCRIBE_CA_CERTIFICATE_UPLOADED_GENERAL", "ZONAL_ADMIN"]'
payload "$access" | jq -e --argjson expected "$expected" '
    .preferred_username == "service-account-mosip-pms-client" and .azp == "mosip-pms-client"
    and (.realm_access.roles - ["default-roles-mosip", "offline_access", "uma_authorization"]
        | sort) == $expected
    and (.resource_access["realm-management"].roles | index("view-users") and index("view-realm"))
    ' >/dev/null || fail "the service account has other roles: $(payload "$access")"
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

# To the login page of Keycloak, in a browser of its own.
to_login_page() {
    answer=$(browse "$api/v1/partnermanager/login/$tail?state=$state")
    page=${answer#302 }
    case "$page" in "$oidc/auth?"*) ;; *) fail "no way to the login page: $answer" ;; esac
    answer=$(browse "$page")
    [ "${answer%% *}" = 200 ] || fail "no login page: $answer"
}
with_password() {
    answer=$(browse "$(form_action kc-form-login)" --data-urlencode username=acme \
        --data-urlencode "password=$1")
}
# The address to come back to, in $back.
from_login_page() {
    back=${answer#302 }
    case "$back" in "$api/v1/partnermanager/login-redirect/$tail?"*) ;;
    *) fail "no way back: $answer $(tr -d '\n' <"$run/page" | head -c 3000)" ;; esac
}
refused_with() {
    grep -q "$1" "$run/page" || fail "$2: $answer $(cat "$run/page")"
    grep -q 'Back to the portal' "$run/page" || fail "$2: no way back to the portal"
}

echo "Logging in"
jar=$run/cookies
to_login_page
with_password 'wrong horse'
[ "${answer%% *}" = 200 ] || fail "a wrong password is accepted: $answer"
with_password 'correct horse'
from_login_page

answer=$(browse "$(echo "$back" | sed "s/state=$state/state=6fa459ea-ee8a-4ca4-894e-db77e160355e/")")
refused_with KER-ACP-007 "a tampered state is accepted"
jar=$run/stranger
answer=$(browse "$back")
refused_with KER-ACP-007 "the address works in another browser"
jar=$run/cookies
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
refused_with KER-ACP-007 "an old address works again"

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
answer=$(browse "$api/v1/partnermanager/logout/user?redirecturi=$home_tail")
[ "${answer%% *}" = 401 ] || fail "logged out twice: $answer"
refused_with KER-ATH-401 "logged out twice"
# Keycloak asks for the password again.
to_login_page

echo "A logout at Keycloak"
with_password 'correct horse'
from_login_page
browse "$back" >/dev/null
answer=$(browse "$api/v1/partnermanager/login/$tail?state=$state")
answer=$(browse "${answer#302 }")
from_login_page # at once: the login at Keycloak goes on
browse "$back" >/dev/null
as_admin -X POST "$keycloak/admin/realms/mosip/users/$id/logout"
to_login_page

echo "A code that is used twice"
with_password 'correct horse'
from_login_page
cp "$jar" "$run/before"
browse "$back" >/dev/null
jar=$run/before
answer=$(browse "$back")
refused_with 'KER-ACP-006.*Code not valid' "a code is good twice"
jar=$run/cookies
as_admin -X POST "$keycloak/admin/realms/mosip/users/$id/logout"
to_login_page

echo "A user who is disabled"
with_password 'correct horse'
from_login_page
as_admin -X PUT "$keycloak/admin/realms/mosip/users/$id" \
    -d "$(as_admin "$keycloak/admin/realms/mosip/users/$id" | jq '.enabled = false')"
answer=$(browse "$back")
refused_with KER-ACP-006 "a disabled user comes in"
answer=$(browse "$api/v1/partnermanager/login/$tail?state=$state")
answer=$(browse "${answer#302 }")
case "$answer" in 302*) fail "a disabled user is sent back: $answer" ;; esac
jar=$run/disabled
to_login_page
with_password 'correct horse'
[ "${answer%% *}" = 200 ] && grep -qi 'disabled' "$run/page" ||
    fail "a disabled user can log in: $answer"
as_admin -X PUT "$keycloak/admin/realms/mosip/users/$id" \
    -d "$(as_admin "$keycloak/admin/realms/mosip/users/$id" | jq '.enabled = true')"

echo "A client without a secret: private_key_jwt"
key_manager() { # PATH [REQUEST]: the response
    path=$1
    shift
    curl -fsS -b "Authorization=$access" "$api/v1/keymanager/$path" \
        -H 'Content-Type: application/json' "$@" | tee "$run/answer" | jq -e .response ||
        fail "the key manager refuses: $(cat "$run/answer")"
}
key_manager generateMasterKey/CERTIFICATE \
    -d '{"request": {"applicationId": "KERNEL", "referenceId": "SIGN"}}' >/dev/null
signed=$(key_manager jwtSign -d '{"request": {"dataToSign": "e30", "applicationId": "KERNEL",
    "referenceId": "SIGN", "includePayload": true}}' | jq -r .jwtSignedData)
key_id=$(payload "x.$signed" | jq -r .kid)
certificate=$(key_manager "getCertificate?applicationId=KERNEL&referenceId=SIGN" |
    jq -r .certificate | sed '/^-----/d' | tr -d '\n')
as_admin "$keycloak/admin/realms/mosip/clients" -d "$(jq -n --arg api "$api" --arg key "$key_id" \
    --arg certificate "$certificate" '{
        clientId: "pms-portal-login", protocol: "openid-connect", publicClient: false,
        clientAuthenticatorType: "client-jwt", standardFlowEnabled: true,
        redirectUris: [$api + "/v1/partnermanager/login-redirect/*"],
        attributes: {"jwt.credential.certificate": $certificate, "jwt.credential.kid": $key,
            "token.endpoint.auth.signing.alg": "RS256", "pkce.code.challenge.method": "S256"}}')"
kill "$pms_pid"
wait "$pms_pid" || fail "pms did not stop well"
start_pms PMS__AUTH__CLIENT_ID=pms-portal-login PMS__AUTH__PRIVATE_KEY_JWT=true \
    PMS__AUTH__ALLOWED_AUDIENCES=mosip-pms-client,pms-portal-login
jar=$run/signed
to_login_page
with_password 'correct horse'
from_login_page
answer=$(browse "$back")
[ "$answer" = "302 $target" ] || fail "not at the portal: $answer $(cat "$run/page")"
answer=$(browse "$whoami")
payload "$(jq -r .response.token "$run/page")" | jq -e '.azp == "pms-portal-login"' >/dev/null ||
    fail "who is it? $answer $(cat "$run/page")"

for secret in "$secret" "$admin" eyJ code=; do
    ! grep -q "$secret" "$run/pms.log" || fail "the log of pms holds secrets"
done
echo "Keycloak $VERSION: login, claims, roles, logout and the service account work."
