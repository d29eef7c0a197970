#!/usr/bin/env bash
# Copies what the services read of the platform into their namespace.
# Usage: copy_cm.sh [KUBECONFIG]; NAMESPACE is pms unless set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -ge 1 ]; then export KUBECONFIG=$1; fi
namespace=${NAMESPACE:-pms}
"$here/copy_cm_func.sh" configmap global default "$namespace"
"$here/copy_cm_func.sh" configmap artifactory-share artifactory "$namespace"
"$here/copy_cm_func.sh" configmap config-server-share config-server "$namespace"
