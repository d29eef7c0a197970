#!/usr/bin/env python3
"""The crates that a package is built from, as CycloneDX. Usage: sbom.py PACKAGE

The same Cargo.lock gives the same text.
"""
import json
import os
import subprocess
import sys

package = sys.argv[1]
cargo = os.environ.get("CARGO", "cargo")
command = [cargo, "metadata", "--locked", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"]
if package == "pms":
    command.append("--no-default-features")
data = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
packages = {one["id"]: one for one in data["packages"]}
edges = {node["id"]: [d["pkg"] for d in node["deps"] if any(k["kind"] != "dev" for k in d["dep_kinds"])] for node in data["resolve"]["nodes"]}
root = next(one["id"] for one in data["packages"] if one["name"] == package)
reached, todo = set(), [root]
while todo:
    one = todo.pop()
    if one not in reached:
        reached.add(one)
        todo.extend(edges.get(one, []))


def reference(one):
    return f"pkg:cargo/{one['name']}@{one['version']}"


def component(one):
    found = {"type": "library", "bom-ref": reference(one), "name": one["name"], "version": one["version"], "purl": reference(one)}
    if one.get("license"):
        found["licenses"] = [{"expression": one["license"].replace("/", " OR ")}]
    return found


chosen = sorted((packages[one] for one in reached if one != root), key=lambda one: (one["name"], one["version"]))
json.dump(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**component(packages[root]), "type": "application"}},
        "components": [component(one) for one in chosen],
        "dependencies": [
            {"ref": reference(packages[one]), "dependsOn": sorted({reference(packages[d]) for d in edges.get(one, []) if d in reached})}
            for one in sorted(reached, key=lambda one: reference(packages[one]))
        ],
    },
    sys.stdout,
    indent=1,
)
print()
