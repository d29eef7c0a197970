#!/bin/sh
# Every relative link of a page leads to a file of the repository, and to a heading where it names one; every file
# that a page names in backticks, and every page that any other file names, is there.
set -eu
cd "$(dirname "$0")/.."

git grep -nE 'docs/[a-z/-]+\.md|\]\([^)]+\)|`[^`]+`|^#' -- '*.md' '*.rs' '*.sh' '*.py' '*.toml' '*.yaml' '*.yml' \
    '*.tpl' '*.sql' Makefile .ci/run deploy/images/Dockerfile ':!migrations' ':!deploy/check-links.sh' |
    awk '
    # A path without "." and "..".
    function plain(path,    part, count, kept, i, out) {
        count = split(path, part, "/")
        for (i = 1; i <= count; i++) {
            if (part[i] == "..") kept--
            else if (part[i] != "." && part[i] != "") out[++kept] = part[i]
        }
        path = ""
        for (i = 1; i <= kept; i++) path = path (i > 1 ? "/" : "") out[i]
        return path
    }
    # The anchor that GitHub and GitLab give a heading.
    function anchor(heading) {
        sub(/^#+ */, "", heading)
        heading = tolower(heading)
        gsub(/[^a-z0-9 _-]/, "", heading)
        gsub(/ /, "-", heading)
        return heading
    }
    function want(path, heading) {
        count++
        wanted[count] = path; place[count] = where; section[count] = heading
    }
    BEGIN {
        while (("git ls-files" | getline path) > 0) {
            known[path] = 1
            while (sub("/[^/]*$", "", path)) known[path] = 1
        }
        # The guide invents them.
        example = "gadget|count_active"
    }
    {
        split($0, at, ":"); where = at[1] ":" at[2]; file = at[1]
        text = substr($0, length(where) + 2)
        page = file ~ /\.md$/
        if (page && text ~ /^#/) heads[file "#" anchor(text)] = 1
        folder = file; if (!sub("/[^/]*$", "", folder)) folder = ""
        rest = text
        while (match(rest, /docs\/[a-z\/-]+\.md/)) {
            # Not the end of a longer path or of an address.
            before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
            if (before !~ /[\/A-Za-z0-9]/) want(substr(rest, RSTART, RLENGTH), "")
            rest = substr(rest, RSTART + RLENGTH)
        }
        if (!page) next
        rest = text
        while (match(rest, /\]\([^) ]+\)/)) {
            link = substr(rest, RSTART + 2, RLENGTH - 3)
            rest = substr(rest, RSTART + RLENGTH)
            if (link ~ /^[a-z]+:/) continue
            heading = ""
            if (match(link, /#/)) { heading = substr(link, RSTART + 1); link = substr(link, 1, RSTART - 1) }
            want(link == "" ? file : plain(folder "/" link), heading)
        }
        if (file ~ /^docs\/contract\//) next
        rest = text
        while (match(rest, /`[^`]+`/)) {
            code = substr(rest, RSTART + 1, RLENGTH - 2)
            rest = substr(rest, RSTART + RLENGTH)
            if (code ~ /^kubectl/) continue
            words = split(code, word, /[ \t,;()="]+/)
            for (i = 1; i <= words; i++) {
                path = word[i]
                sub(/\/$/, "", path)
                if (path !~ /^(crates|docs|deploy|helm|migrations|benches|fuzz|\.ci)\/[A-Za-z0-9_.\/-]+$/) continue
                if (path !~ example) want(path, "")
            }
        }
    }
    END {
        for (i = 1; i <= count; i++) {
            path = wanted[i]
            if (!(path in known)) { print place[i] ": no file " path; faults++ }
            else if (section[i] != "" && path ~ /\.md$/ && !((path "#" section[i]) in heads)) {
                print place[i] ": " path " has no heading #" section[i]; faults++
            }
        }
        if (faults) exit 1
        print count " links and names of files: every file is there"
    }'
