#!/usr/bin/env bash
# Tests the scripts that install, restart and remove, with a kubectl and a helm that keep
# what they are told in files.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d /tmp/pms-installers.XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/objects"
export WORK=$work PATH=$work/bin:$PATH HELM=helm
fail() { echo "FAILED $1" >&2; cat "$work/calls" >&2; exit 1; }

cat >"$work/bin/kubectl" <<'SH'
#!/usr/bin/env bash
set -euo pipefail
echo "kubectl $*" >>"$WORK/calls"
namespace=default
if [ "$1" = -n ]; then namespace=$2; shift 2; fi
case "$*" in
"get configmap global -o jsonpath={.data."*)
    key=${!#} key=${key##*.data.}
    sed -n "s/^  ${key%\}}: //p" "$WORK/objects/$namespace.configmap.global" ;;
"get deploy -o name") printf 'deployment.apps/%s\n' pms-partner pms-policy ;;
get*--ignore-not-found*) ls "$WORK/objects/$namespace.$2.$3" 2>/dev/null || true ;;
get*) cat "$WORK/objects/$namespace.$2.$3" ;;
"create -f -" | "replace -f -")
    text=$(cat)
    kind=$(sed -n 's/^kind: //p' <<<"$text" | tr '[:upper:]' '[:lower:]')
    file=$WORK/objects/$namespace.$kind.$(sed -n '/^metadata:/,$s/^  name: //p' <<<"$text" | head -1)
    if [ "$1" = create ] && [ -e "$file" ]; then echo "AlreadyExists" >&2; exit 1; fi
    printf '%s\n' "$text" >"$file" ;;
"apply -f -") cat >/dev/null ;;
esac
SH
cat >"$work/bin/helm" <<'SH'
#!/usr/bin/env bash
echo "helm $*" >>"$WORK/calls"
SH
chmod +x "$work/bin/kubectl" "$work/bin/helm"

object() { # namespace, kind, name, lines of data
    local file=$work/objects/$1.${2,,}.$3
    {
        printf 'apiVersion: v1\ndata:\n'
        printf '  %s\n' "${@:4}"
        printf 'kind: %s\nmetadata:\n  creationTimestamp: "2026-01-01T00:00:00Z"\n  labels:\n    a: b\n  name: %s\n  namespace: %s\n  resourceVersion: "7"\n  uid: x\n' "$2" "$3" "$1"
    } >"$file"
}
object default ConfigMap global 'mosip-pmp-host: pmp.example.org' 'mosip-pmp-ui-host: ui.example.org' 'note: "namespace: default"'
object artifactory ConfigMap artifactory-share 'a: b'
object config-server ConfigMap config-server-share 'active_profile_env: default'
object keycloak Secret keycloak-client-secrets 'mosip_pms_client_secret: czNjcmV0'

: >"$work/calls"
deploy/install.sh >/dev/null
for line in \
    'kubectl label namespace pms istio-injection=enabled --overwrite' \
    'kubectl -n pms rollout status deployment.apps/pms-policy'; do
    grep -qxF "$line" "$work/calls" || fail "install.sh does not call: $line"
done
for chart in pms-partner pms-policy; do
    grep -qE "^helm upgrade --install $chart .*/$chart --namespace pms --set istio.corsPolicy.allowOrigins\[0\].prefix=https://pmp.example.org --set istio.corsPolicy.allowOrigins\[1\].prefix=https://ui.example.org\$" "$work/calls" || fail "install.sh does not install $chart for both portals"
done
grep -q 'note: "namespace: default"' "$work/objects/pms.configmap.global" || fail "a copy has other data"
grep -q '^  namespace: pms$' "$work/objects/pms.configmap.global" || fail "a copy is not in its namespace"
if grep -qE 'resourceVersion|uid|creationTimestamp' "$work/objects/pms.configmap.global"; then fail "a copy holds what belongs to another place"; fi
# Once more: what is there is replaced.
deploy/install.sh >/dev/null || fail "install.sh can't be run again"

deploy/copy_cm_func.sh secret keycloak-client-secrets keycloak pms pms-secrets >/dev/null
grep -q 'mosip_pms_client_secret: czNjcmV0' "$work/objects/pms.secret.pms-secrets" || fail "a secret is not copied under its new name"
if deploy/copy_cm_func.sh pod x a b >/dev/null 2>&1; then fail "copy_cm_func.sh copies pods"; fi
if deploy/copy_cm_func.sh configmap nowhere default pms >/dev/null 2>&1; then fail "a config map that is not there is copied"; fi

: >"$work/calls"
NAMESPACE=other deploy/restart.sh >/dev/null
grep -qxF 'kubectl -n other rollout restart deploy' "$work/calls" || fail "restart.sh does not restart"
grep -qxF 'kubectl -n other rollout status deployment.apps/pms-partner' "$work/calls" || fail "restart.sh does not wait"

: >"$work/calls"
deploy/delete.sh <<<n >/dev/null
[ ! -s "$work/calls" ] || fail "delete.sh removes although it may not"
deploy/delete.sh <<<Y >/dev/null
for release in pms-partner pms-policy; do
    grep -qxF "helm -n pms uninstall $release" "$work/calls" || fail "delete.sh leaves $release"
done
echo "scripts: install, copy, restart and delete"
