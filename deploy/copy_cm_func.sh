#!/usr/bin/env bash
# Copies a config map or a secret to another namespace, in place of the one that is there.
# Usage: copy_cm_func.sh configmap|secret NAME FROM TO [NEW_NAME]
set -euo pipefail
usage="Usage: copy_cm_func.sh configmap|secret NAME FROM_NAMESPACE TO_NAMESPACE [NEW_NAME]"
if [ $# -lt 4 ] || [ $# -gt 5 ]; then
    echo "$usage" >&2
    exit 1
fi
kind=$1 name=$2 from=$3 to=$4 new=${5:-$2}
case $kind in
configmap | secret) ;;
*) echo "$usage" >&2; exit 1 ;;
esac
found=$(kubectl -n "$from" get "$kind" "$name" -o yaml)
# Its data, without what belongs to the place where it comes from.
copy=$(awk -v name="$new" -v namespace="$to" '
    /^[^ ]/ { inside = ($1 == "metadata:") }
    /^metadata:/ { printf "metadata:\n  name: %s\n  namespace: %s\n", name, namespace }
    !inside { print }
' <<<"$found")
present=$(kubectl -n "$to" get "$kind" "$new" --ignore-not-found -o name)
if [ -n "$present" ]; then action=replace; else action=create; fi
kubectl -n "$to" "$action" -f - <<<"$copy"
