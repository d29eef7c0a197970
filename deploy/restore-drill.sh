#!/usr/bin/env bash
# Proves that a backup can be restored: into a PostgreSQL of its own, which is gone
# afterwards. Usage: restore-drill.sh DUMP KEK_FILE [SOURCE_URL]
#   DUMP        what `pg_dump --format=custom` wrote
#   KEK_FILE    the copy of the key encryption key; - for a deployment without an
#               embedded key manager
#   SOURCE_URL  the database that was dumped, to compare the numbers of rows; they may
#               differ by what was written since
# Says how long the restore took, whether every private key opens, and what is missing.
set -euo pipefail
dump=${1:?the dump} kek=${2:?the key file, or -} source=${3:-}
pms=${PMS:-pms}
command -v "$pms" >/dev/null 2>&1 || { echo "restore-drill.sh: PMS names no pms binary" >&2; exit 2; }
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
work=$(mktemp -d /tmp/pms-drill.XXXXXX)
chmod 711 "$work"
server=
finish() {
    if [ -n "$server" ]; then
        # The server itself: who it runs through keeps signals to itself.
        kill -INT "$(head -1 "$work/pg/data/postmaster.pid" 2>/dev/null)" 2>/dev/null || kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT

# PostgreSQL refuses root.
as=()
if [ "$(id -u)" = 0 ]; then
    as=(runuser -u postgres --)
    install -d -o postgres "$work/pg"
else
    mkdir "$work/pg"
fi
"${as[@]}" "$bin/initdb" -D "$work/pg/data" -A trust -U postgres >/dev/null
"${as[@]}" "$bin/postgres" -D "$work/pg/data" -k "$work/pg" -c listen_addresses= >"$work/log" 2>&1 &
server=$!
url="postgres:///mosip_pms?host=$work/pg&user=postgres"
for _ in $(seq 100); do "$bin/pg_isready" -q -h "$work/pg" && break; sleep 0.1; done
psql -qh "$work/pg" -U postgres -d postgres -c "CREATE DATABASE mosip_pms ENCODING 'UTF8' TEMPLATE template0" -c 'CREATE ROLE pmsuser'

begun=$(date +%s)
"$bin/pg_restore" -h "$work/pg" -U postgres -d mosip_pms --no-owner --exit-on-error "$dump"
echo "restored in $(($(date +%s) - begun)) s, $(psql -Atqh "$work/pg" -U postgres mosip_pms -c 'SELECT pg_size_pretty(pg_database_size(current_database()))')"

counts() { # psql's arguments
    psql -Atq "$@" -c "SELECT string_agg(format('SELECT %L, count(*) FROM %I.%I', schemaname || '.' || tablename, schemaname, tablename), ' UNION ALL ' ORDER BY 1) FROM pg_tables WHERE schemaname IN ('pms', 'keymgr')" |
        psql -Atq "$@" -F ' ' -f -
}
counts -h "$work/pg" -U postgres mosip_pms | sort >"$work/restored"
echo "$(wc -l <"$work/restored") tables, $(awk '{ n += $2 } END { print n }' "$work/restored") rows"
if [ -n "$source" ]; then
    counts -d "$source" | sort >"$work/source"
    if diff "$work/source" "$work/restored" >"$work/diff"; then
        echo "every table has as many rows as the source"
    else
        echo "rows that differ (< source, > restored):"
        cat "$work/diff"
    fi
fi
if [ "$kek" != - ]; then
    # Opens every private key and seals none anew: they are sealed with this key.
    install -m 600 "$kek" "$work/kek"
    PMS__KEY_MANAGER__KEK_FILE="$work/kek" "$pms" keys rotate --database-url "$url"
fi
echo "The backup can be restored."
