#!/bin/sh
# Writes the pages of docs/ as HTML below DIR/pages, where the documentation of the crates links to: pages.sh DIR
set -eu
cd "$(dirname "$0")/../.."
for page in docs/*.md docs/contract/*.md; do
    folder=${page%/*}
    rustdoc --markdown-no-toc --html-in-header deploy/doc/header.html -o "$1/pages${folder#docs}" "$page"
done
