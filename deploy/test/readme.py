#!/usr/bin/env python3
"""Writes README.md of each chart from the comments of its values.yaml.

readme.py [--check]: with --check, only compares and fails when one differs.
A line `# -- text` describes the key below it.
"""
import pathlib
import sys

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2] / "helm"


def rows(text):
    """(path, description, default) of every described key, in order."""
    values = yaml.safe_load(text)
    path, pending, found = [], None, []
    for line in text.splitlines():
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if bare.startswith("# -- "):
            pending = bare[5:]
            continue
        if not bare or bare.startswith(("#", "- ")) or ":" not in bare:
            continue
        while path and path[-1][0] >= indent:
            path.pop()
        path.append((indent, bare.split(":", 1)[0].strip().strip('"')))
        if pending:
            value = values
            for _, key in path:
                value = value[key]
            found.append((".".join(key for _, key in path), pending, value))
            pending = None
    return found


def shown(value):
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6).strip()
    text = text.removesuffix("...").strip()
    return text if len(text) <= 60 else text[:57] + "…"


def readme(chart):
    about = yaml.safe_load((chart / "Chart.yaml").read_text())
    lines = [
        f"# {about['name']}",
        "",
        about["description"],
        "",
        f"Chart {about['version']}, application {about['appVersion']}, Kubernetes {about['kubeVersion'].removesuffix('-0')}.",
        "How to install it and to replace the reference's release: `docs/operations.md`. This page is made from `values.yaml` by `deploy/test/readme.py`.",
        "",
        "| key | default | what it is |",
        "|---|---|---|",
    ]
    for path, text, value in rows((chart / "values.yaml").read_text()):
        cell = shown(value).replace("|", "\\|")
        lines.append(f"| `{path}` | `{cell}` | {text.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def main():
    wrong = []
    for name in ["pms-partner", "pms-policy", "pms-certificate", "pms"]:
        page = TOP / name / "README.md"
        text = readme(TOP / name)
        if "--check" in sys.argv:
            if not page.exists() or page.read_text() != text:
                wrong.append(name)
        else:
            page.write_text(text)
    if wrong:
        sys.exit(f"README.md is not what values.yaml says: {', '.join(wrong)}; run deploy/test/readme.py")


main()
