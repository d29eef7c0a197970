#!/usr/bin/env bash
# Packs the charts with what they depend on. Usage: charts.sh DIR
# DIR gets pms-partner, pms-policy, pms-certificate and pms as folders that helm
# can install, and as archives.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
out=${1:?where to put the charts}
helm=${HELM:-helm}
mkdir -p "$out"
out=$(cd "$out" && pwd)
for chart in pms-common pms-partner pms-policy pms-certificate pms; do
    rm -rf "${out:?}/$chart"
    cp -r "$top/helm/$chart" "$out/$chart"
    [ "$chart" = pms-common ] || "$helm" dependency update --skip-refresh "$out/$chart" >/dev/null
    [ "$chart" = pms-common ] || "$helm" package "$out/$chart" --destination "$out" >/dev/null
done
