#!/bin/sh
# Every citation of the wire contract names a page of docs/contract/ and a section that is there:
# `contract partner.md §4.22`. More sections of the same page may follow on the same line: `§4.8, §4.9 and §6.1`.
# A standard is cited by its own name: `RFC 5280 §4.2.1.2`, `W3C WebSub §5.3`.
set -eu
cd "$(dirname "$0")/.."

grep -nE '^#+ [0-9]+(\.[0-9]+)*' docs/contract/*.md |
    sed -E 's|^docs/contract/([^:]+):[0-9]+:#+ ([0-9.]*[0-9]).*|\1 \2|' >"${TMPDIR:-/tmp}/sections.$$"
trap 'rm -f "${TMPDIR:-/tmp}/sections.$$"' EXIT

# Migrations are never edited, so the older wording stays in them.
git grep -nE '§|contract [a-z-]+\.md' -- . ':!docs/contract' ':!migrations' ':!deploy/check-citations.sh' ':!deploy/doc/header.html' |
    awk -v sections="${TMPDIR:-/tmp}/sections.$$" '
    BEGIN {
        while ((getline line < sections) > 0) { known[line] = 1; split(line, part, " "); page_known[part[1]] = 1 }
        number = "[0-9]+([.][0-9]+)*"
    }
    function wrong(why) { print where ": " why ": " original; faults++ }
    {
        split($0, at, ":"); where = at[1] ":" at[2]
        original = text = substr($0, length(where) + 2)
        gsub("(RFC [0-9]+|W3C WebSub),? §" number, "", text)
        left = ""
        while (match(text, /contract [a-z-]+[.]md/)) {
            left = left substr(text, 1, RSTART - 1)
            page = substr(text, RSTART + 9, RLENGTH - 9)
            text = substr(text, RSTART + RLENGTH)
            if (!(page in page_known)) wrong("no page " page)
            while (match(text, "^(,? (and |or |to )?|–)§" number)) {
                section = substr(text, RSTART, RLENGTH)
                sub(/.*§/, "", section)
                text = substr(text, RSTART + RLENGTH)
                if (!((page " " section) in known)) wrong(page " has no section " section)
            }
            checked++
        }
        if (index(left text, "§")) wrong("a section without its page")
    }
    END {
        if (faults) exit 1
        print checked " citations of the wire contract: every page and section exists"
    }'
