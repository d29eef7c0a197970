#!/usr/bin/env python3
"""The crates that one package's binary is built from, as CycloneDX. Usage: sbom.py PACKAGE

`cargo tree -p` chooses features as the build of that package does; `cargo metadata`
would add what the other packages of the workspace switch on. The same Cargo.lock gives
the same text.
"""
import json
import os
import re
import subprocess
import sys

package = sys.argv[1]
command = [os.environ.get("CARGO", "cargo"), "tree", "--locked", "-p", package, "--edges", "normal,build", "--target", "x86_64-unknown-linux-gnu", "--prefix", "depth", "--format", "{p}\t{l}"]
if package == "pms":
    command.append("--no-default-features")
tree = subprocess.run(command, capture_output=True, check=True, text=True).stdout
# "2serde v1.0.228\tMIT OR Apache-2.0", perhaps with " (proc-macro)", a folder, or " (*)"
# for a crate whose own crates were listed before.
line = re.compile(r"^(\d+)(\S+) v(\S+)[^\t]*\t(.*?)(?: \(\*\))?$")
crates, edges, above = {}, {}, []
for text in tree.splitlines():
    depth, name, version, licence = line.match(text).groups()
    reference = f"pkg:cargo/{name}@{version}"
    crates[reference] = (name, version, licence)
    edges.setdefault(reference, set())
    del above[int(depth) :]
    if above:
        edges[above[-1]].add(reference)
    above.append(reference)
root = f"pkg:cargo/{package}@{next(version for name, version, _ in crates.values() if name == package)}"


def component(reference):
    name, version, licence = crates[reference]
    found = {"type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference}
    if licence:
        found["licenses"] = [{"expression": licence.replace("/", " OR ")}]
    return found


json.dump(
    {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**component(root), "type": "application"}},
        "components": [component(one) for one in sorted(crates) if one != root],
        "dependencies": [{"ref": one, "dependsOn": sorted(edges[one])} for one in sorted(crates)],
    },
    sys.stdout,
    indent=1,
)
print()
