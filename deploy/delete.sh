#!/usr/bin/env bash
# Removes pms-partner and pms-policy; database and config maps stay. Usage: delete.sh [KUBECONFIG]
# Asks first, unless its input says Y. NAMESPACE is pms unless set.
set -euo pipefail
if [ $# -ge 1 ]; then export KUBECONFIG=$1; fi
namespace=${NAMESPACE:-pms}
helm=${HELM:-helm}
read -r -p "Remove pms-partner and pms-policy from namespace $namespace? (Y/n) " answer || answer=n
case $answer in
Y | y | yes) ;;
*) echo "Nothing is removed."; exit 0 ;;
esac
for release in pms-partner pms-policy; do
    if "$helm" -n "$namespace" status "$release" >/dev/null 2>&1; then
        "$helm" -n "$namespace" uninstall "$release"
    fi
done
