#!/usr/bin/env bash
# Builds kube-apiserver from the Go module k8s.io/kubernetes, once (about five
# minutes on two cores), and prints where it is. Usage: build.sh [VERSION]
# The binary is kept outside of the checkout, by version.
set -euo pipefail
version=${1:-v1.31.4}
here=$(cd "$(dirname "$0")" && pwd)
cache=${PMS_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pms-test}
binary=$cache/kube-apiserver-$version
if [ -x "$binary" ]; then
    echo "$binary"
    exit 0
fi
command -v go >/dev/null 2>&1 || { echo "build.sh: Go is missing" >&2; exit 1; }
mkdir -p "$cache"
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
cp "$here/main.go" "$work/"
cd "$work"
printf 'module kapi\ngo 1.24\n' >go.mod
source=$(go mod download -json "k8s.io/kubernetes@$version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
# The Kubernetes module replaces its staging modules; a module that uses it has to, too.
staging=v0.${version#v1.}
{
    printf 'module kapi\ngo 1.24\nrequire k8s.io/kubernetes %s\nreplace (\n' "$version"
    grep -oE '^\s*k8s.io/[a-z-]+ => ' "$source/go.mod" | awk -v v="$staging" '{ print $1 " => " $1 " " v }'
    echo ')'
} >go.mod
go mod tidy -e >/dev/null 2>&1 || true
minor=${version#v1.}
x=k8s.io/component-base/version # charts ask for the version
nice -n 19 go build -p 2 -ldflags "-s -w -X $x.gitVersion=$version -X $x.gitMajor=1 -X $x.gitMinor=${minor%%.*}" -o kube-apiserver . >&2
mv kube-apiserver "$binary"
echo "$binary"
