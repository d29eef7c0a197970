#!/usr/bin/env bash
# Waits until every deployment of the namespace is rolled out. Usage: wait.sh [KUBECONFIG]
# NAMESPACE is pms unless set.
set -euo pipefail
if [ $# -ge 1 ]; then export KUBECONFIG=$1; fi
namespace=${NAMESPACE:-pms}
deployments=$(kubectl -n "$namespace" get deploy -o name)
for deployment in $deployments; do
    kubectl -n "$namespace" rollout status "$deployment"
done
