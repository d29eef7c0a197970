#!/usr/bin/env bash
# Measures uploads of partner certificates (RSA-2048, chain of three) at one
# certificate-service with its embedded key manager, and the bare RSA operations
# beside it. Usage: benches/certificates.sh DIRECTORY_OF_RELEASE_BINARIES.
# Ends by itself; loopback only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
bin=$(cd "$1" && pwd)
seconds=${SECONDS_PER_RUN:-10}
# One client per core of the machine that the budget is for.
connections=${CONNECTIONS:-2}
partners=${PARTNERS:-100}
begin certificates

upload_ca() { # PEM file
    jq -n --rawfile pem "$1" '{request: {certificateData: $pem, partnerDomain: "AUTH"}}' |
        curl -sf -H "Cookie: Authorization=$token" -H 'Content-Type: application/json' -d @- \
            http://127.0.0.1:19111/v1/partnermanager/partners/certificate/ca/upload |
        jq -e '.response.status == "Upload Success."' >/dev/null
}

echo "== set-up (PostgreSQL, $partners partners, their keys and certificates)"
export PMS__TELEMETRY__LOG=warn PMS__TELEMETRY__FORMAT=json
PMS__SERVICE_ACCOUNT__CLIENT_SECRET=$(openssl rand -hex 16)
PMS__KEY_MANAGER__KEK=$(openssl rand -base64 32)
export PMS__SERVICE_ACCOUNT__CLIENT_SECRET PMS__KEY_MANAGER__KEK
up pms http://127.0.0.1:18080/v1/partnermanager/actuator/health "$bin/pms" up --port 18080 --data-dir "$dir/data"
use_database
psql -q -v ON_ERROR_STOP=1 -v partners="$partners" <<'SQL'
SET search_path = pms, public;
INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
VALUES ('cg', 'certificate group', 'bench', 'bench', true, 'bench', now());
INSERT INTO partner (id, policy_group_id, name, address, contact_no, email_id, user_id,
                     partner_type_code, approval_status, is_active, lang_code, cr_by, cr_dtimes)
SELECT 'cp' || n, 'cg', 'Bench ' || n, 'a', '1', 'cp' || n || '@example.org', 'cp' || n,
       'Auth_Partner', 'approved', true, 'eng', 'bench', now()
FROM generate_series(1, :partners) n;
SQL
token=$("$bin/pms" token --url http://127.0.0.1:18080 --user partner-admin)

cd "$dir"
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n' >ca.ext
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n' >leaf.ext
openssl req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 2000 -subj /CN=Bench-Root \
    -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout sub.key -out sub.csr -subj /CN=Bench-Sub 2>/dev/null
openssl x509 -req -in sub.csr -CA root.pem -CAkey root.key -days 1900 -extfile ca.ext -out sub.pem 2>/dev/null
for n in $(seq 1 "$partners"); do
    openssl req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj "/O=Bench $n/CN=bench-$n" 2>/dev/null
    openssl x509 -req -in leaf.csr -CA sub.pem -CAkey sub.key -days 1000 -extfile leaf.ext -out leaf.pem 2>/dev/null
    jq -cn --arg id "cp$n" --rawfile pem leaf.pem \
        '{request: {partnerId: $id, certificateData: $pem, partnerDomain: "AUTH"}}' >>bodies
done

export PMS__DATABASE__URL="postgres:///mosip_pms?host=$PGHOST&user=postgres" PMS__SERVER__HOST=127.0.0.1
export PMS__AUTH__ISSUER=http://127.0.0.1:18080/auth/realms/mosip PMS__OUTBOX__DISPATCH=false
export PMS__SERVICES__CERTIFICATE_URL=http://127.0.0.1:19111
up certificate-service http://127.0.0.1:19111/v1/keymanager/actuator/health/liveness \
    env PMS__SERVER__PORT=19111 "$bin/certificate-service"
upload_ca root.pem
upload_ca sub.pem

echo "== the bare RSA-2048 operations, one core (sign/s, verify/s)"
openssl speed -seconds 2 rsa2048 2>/dev/null | awk '/^rsa 2048/ {print "sign " $(NF-1) "/s   verify " $NF "/s"}'
echo "== uploads, $connections client connections, $seconds s, database included"
cpu() { awk '{print $14 + $15}' "/proc/${pids[-1]}/stat"; }
before=$(cpu)
line=$(TOKEN=$token BODIES=$dir/bodies wrk -t2 -c"$connections" -d"${seconds}s" -s "$here/upload.lua" http://127.0.0.1:19111 | grep '^RESULT')
used=$(($(cpu) - before))
read -r _ rate p50 p99 bad <<<"$line"
printf 'certificate upload %s/s   p50 %s ms   p99 %s ms   errors %s   CPU %s %%\n' "$rate" "$p50" "$p99" "$bad" \
    "$(awk -v u="$used" -v s="$seconds" -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.0f", 100 * u / hz / s}')"
