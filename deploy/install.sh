#!/usr/bin/env bash
# Installs pms-partner and pms-policy, or brings them up to date, with the charts of this
# checkout. Usage: install.sh [KUBECONFIG]
# NAMESPACE is pms unless set. VALUES names a file of values for both charts, if there are
# any. The portal's hosts come from the config map `global`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -ge 1 ]; then export KUBECONFIG=$1; fi
namespace=${NAMESPACE:-pms}
helm=${HELM:-helm}

kubectl create namespace "$namespace" --dry-run=client -o yaml | kubectl apply -f -
kubectl label namespace "$namespace" istio-injection=enabled --overwrite
"$here/copy_cm.sh"

host() { kubectl -n "$namespace" get configmap global -o "jsonpath={.data.$1}"; }
portal=$(host mosip-pmp-host)
# Releases of the platform call the new portal differently.
for name in mosip-pmp-reactjs-ui-new-host mosip-pmp-ui-host mosip-pmp-revamp-ui-host; do
    new_portal=$(host "$name")
    [ -z "$new_portal" ] || break
done
origins=() number=0
for found in "$portal" "$new_portal"; do
    [ -n "$found" ] || continue
    origins+=(--set "istio.corsPolicy.allowOrigins[$number].prefix=https://$found")
    number=$((number + 1))
done

charts=$(mktemp -d)
trap 'rm -rf "$charts"' EXIT
HELM=$helm "$here/charts.sh" "$charts"
values=()
[ -z "${VALUES:-}" ] || values=(--values "$VALUES")
for chart in pms-partner pms-policy; do
    "$helm" upgrade --install "$chart" "$charts/$chart" --namespace "$namespace" "${values[@]}" "${origins[@]}"
done
"$here/wait.sh"
echo "pms-partner and pms-policy are installed in namespace $namespace."
