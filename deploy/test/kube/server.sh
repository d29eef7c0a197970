#!/usr/bin/env bash
# An API server on loopback, for charts. Usage: server.sh start|stop DIR
# Needs etcd (Debian: etcd-server) and kube-apiserver (build.sh). DIR/kubeconfig
# is for helm and kubectl. There is no kubelet and no controller: objects are
# admitted, defaulted and stored, and pods don't run.
set -euo pipefail
dir=$2
case $1 in
start)
    api=${KUBE_APISERVER:?path of kube-apiserver}
    port=${KUBE_PORT:-16443}
    etcd=$((port + 1))
    mkdir -p "$dir"
    cd "$dir"
    openssl genrsa -out account.key 2048 2>/dev/null
    token=$(openssl rand -hex 16)
    echo "$token,admin,admin,system:masters" >tokens.csv
    setsid nohup etcd --data-dir "$dir/etcd" --listen-client-urls "http://127.0.0.1:$etcd" \
        --advertise-client-urls "http://127.0.0.1:$etcd" --listen-peer-urls "http://127.0.0.1:$((port + 2))" \
        >etcd.log 2>&1 </dev/null &
    echo $! >etcd.pid
    setsid nohup "$api" --etcd-servers="http://127.0.0.1:$etcd" --bind-address=127.0.0.1 --secure-port="$port" \
        --cert-dir="$dir/certs" --service-account-issuer=https://kubernetes.default.svc \
        --service-account-key-file=account.key --service-account-signing-key-file=account.key \
        --token-auth-file=tokens.csv --authorization-mode=RBAC --service-cluster-ip-range=10.96.0.0/16 \
        --allow-privileged=false --disable-admission-plugins=ServiceAccount >api.log 2>&1 </dev/null &
    echo $! >api.pid
    cat >kubeconfig <<K
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:$port", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: $token}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
K
    for _ in $(seq 240); do
        if curl -ksf -H "Authorization: Bearer $token" "https://127.0.0.1:$port/readyz" >/dev/null; then exit 0; fi
        sleep 0.5
    done
    tail -n 5 api.log >&2
    exit 1
    ;;
stop)
    for process in api etcd; do
        pid=$(cat "$dir/$process.pid" 2>/dev/null) || continue
        kill "$pid" 2>/dev/null || true
        # A server that serves nobody any more may take its time to end.
        for _ in $(seq 40); do kill -0 "$pid" 2>/dev/null || break; sleep 0.25; done
        kill -KILL "$pid" 2>/dev/null || true
    done
    rm -rf "$dir"
    ;;
*)
    echo "Usage: server.sh start|stop DIR" >&2
    exit 2
    ;;
esac
