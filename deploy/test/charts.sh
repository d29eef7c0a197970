#!/usr/bin/env bash
# Tests of the charts and of the scripts that install them. Usage: charts.sh [quick]
# quick: lint and template alone, with a helm that is there already. All of it gets
# helm and kube-apiserver as Go modules, etcd from Debian, schemas from PyPI; what is
# built is kept outside of the checkout.
set -euo pipefail
cd "$(dirname "$0")/../.."
top=$PWD
cache=${PMS_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pms-test}

deploy/test/installers.sh

find_helm() {
    local found
    for found in "${HELM:-}" "$(command -v helm || true)" "$cache/helm" "$HOME/go/bin/helm"; do
        if [ -n "$found" ] && [ -x "$found" ]; then
            echo "$found"
            return
        fi
    done
}

HELM=$(find_helm)
if [ -z "$HELM" ]; then
    if [ "${1:-}" = quick ]; then
        echo "!! HELM IS NOT ON THIS MACHINE: THE CHARTS ARE NOT CHECKED (make test-charts gets it)"
        exit 0
    fi
    mkdir -p "$cache"
    GOBIN=$cache nice -n 19 go install helm.sh/helm/v3/cmd/helm@latest
    HELM=$cache/helm
fi
export HELM
work=$(mktemp -d /tmp/pms-charts.XXXXXX)
finish() {
    [ ! -e "$work/kube" ] || "$top/deploy/test/kube/server.sh" stop "$work/kube"
    rm -rf "$work"
}
trap finish EXIT

deploy/charts.sh "$work/charts"
for chart in pms-partner pms-policy pms-certificate pms; do
    "$HELM" lint --strict --quiet --kube-version 1.31.0 "$work/charts/$chart"
    "$HELM" template "$chart" "$work/charts/$chart" --namespace pms --kube-version 1.31.0 >/dev/null
done
if [ "${1:-}" = quick ]; then exit 0; fi

if [ ! -x "$cache/python/bin/python" ]; then
    python3 -m venv "$cache/python"
    "$cache/python/bin/pip" install --quiet kubernetes-validate pyyaml
fi
python=$cache/python/bin/python
"$python" deploy/test/readme.py --check
"$python" deploy/test/charts.py "$work/charts"

for needed in etcd kubectl openssl curl; do
    command -v "$needed" >/dev/null 2>&1 || { echo "charts.sh: $needed is missing (Debian: etcd-server, kubernetes-client, openssl, curl)" >&2; exit 1; }
done
KUBE_APISERVER=$(deploy/test/kube/build.sh)
export KUBE_APISERVER
deploy/test/kube/server.sh start "$work/kube"
# With a binary of pms, the command of the Job that makes the key is tried too.
built=${CARGO_TARGET_DIR:-target}/debug/pms
if [ -z "${PMS:-}" ] && [ -x "$built" ]; then PMS=$(realpath "$built"); fi
export PMS=${PMS:-}
KUBECONFIG=$work/kube/kubeconfig "$python" deploy/test/cluster.py "$work/charts"
