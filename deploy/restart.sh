#!/usr/bin/env bash
# Restarts every deployment of the namespace, and waits. Usage: restart.sh [KUBECONFIG]
# NAMESPACE is pms unless set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -ge 1 ]; then export KUBECONFIG=$1; fi
kubectl -n "${NAMESPACE:-pms}" rollout restart deploy
"$here/wait.sh"
