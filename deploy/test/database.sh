#!/usr/bin/env bash
# Tests db_scripts and db_upgrade_scripts against a PostgreSQL of its own: they make
# what `pms migrate` and `pms seed` make (PMS names the binary), can be run again, and
# take the tables of each older line there and back with every row.
set -euo pipefail
cd "$(dirname "$0")/../.."
pms=${PMS:-${CARGO_TARGET_DIR:-target}/debug/pms}
[ -x "$pms" ] || { echo "database.sh: PMS names no pms binary" >&2; exit 2; }
python3 db_scripts/generate.py --check
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
work=$(mktemp -d /tmp/pms-db-test.XXXXXX)
chmod 711 "$work"
port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
as=()
if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi
install -d "$work/pg"
[ ${#as[@]} = 0 ] || chown postgres "$work/pg"
"${as[@]}" "$bin/initdb" -D "$work/pg/data" -A trust -U postgres >/dev/null
"${as[@]}" "$bin/postgres" -D "$work/pg/data" -p "$port" -k "$work/pg" -c listen_addresses=127.0.0.1 -c fsync=off >"$work/log" 2>&1 &
server=$!
finish() {
    # The server itself: who it runs through keeps signals to itself.
    kill -INT "$(head -1 "$work/pg/data/postmaster.pid" 2>/dev/null)" 2>/dev/null || kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
for _ in $(seq 100); do "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" && break; sleep 0.1; done
fail() { echo "FAILED $1" >&2; exit 1; }
sql() { psql -AtqX -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$port" -U postgres "$@"; }
shape() { "$bin/pg_dump" -h 127.0.0.1 -p "$port" -U postgres --schema-only --no-owner --no-privileges "$1" | grep -vE '^(--|\\|$|SET|SELECT)'; }
# Every row of schema pms but the times of seeding.
rows() {
    sql "$1" -c "SELECT format('SELECT %L || (to_jsonb(t) - ''cr_dtimes'' - ''upd_dtimes'' - ''eff_dtimes'' - ''valid_from_date'' - ''valid_to_date'' - ''valid_from_datetime'' - ''valid_to_datetime'' - ''request_datetimes'' - ''sw_cr_dtimes'' - ''sw_expiry_dtimes'')::text FROM pms.%I t', tablename, tablename) FROM pg_tables WHERE schemaname = 'pms' ORDER BY 1" |
        while read -r query; do sql "$1" -c "$query"; done | sort
}

properties() { # database then more lines
    printf 'DB_SERVERIP=127.0.0.1\nDB_PORT=%s\nSU_USER=postgres\nDEFAULT_DB_NAME=postgres\nMOSIP_DB_NAME=%s\n' "$port" "$1"
    shift
    # The last line without its end, as some editors leave it.
    local lines
    lines=$(printf '%s\n' "$@")
    printf '%s' "$lines"
}

properties scripts DML_FLAG=1 >"$work/deploy.properties"
DBUSER_PWD="it's secret" db_scripts/mosip_pms/deploy.sh "$work/deploy.properties" >/dev/null
sql postgres -c 'CREATE DATABASE program'
"$pms" migrate --database-url "postgres://postgres@127.0.0.1:$port/program" >/dev/null
"$pms" seed --database-url "postgres://postgres@127.0.0.1:$port/program" >/dev/null
diff <(shape scripts) <(shape program) >"$work/diff" || { head -20 "$work/diff"; fail "the scripts make another schema than the program"; }
diff <(rows scripts) <(rows program) >"$work/diff" || { head -20 "$work/diff"; fail "the scripts make other rows than the program"; }
before=$(rows scripts | md5sum)
DBUSER_PWD="it's secret" db_scripts/mosip_pms/deploy.sh "$work/deploy.properties" >/dev/null
[ "$before" = "$(rows scripts | md5sum)" ] || fail "a second run changes rows"
[ "$("$pms" migrate --database-url "postgres://postgres@127.0.0.1:$port/scripts")" = "The schema is up to date." ] || fail "the program does not know the scripts' migrations"
# The chart's Job without the owner's secret: it has the services' account.
services() { "$pms" migrate --database-url "postgres://pmsuser:it%27s%20secret@127.0.0.1:$port/$1" 2>&1; }
[ "$(services scripts)" = "The schema is up to date." ] || fail "the services' account does not find that there is nothing to do"
sql postgres -c 'CREATE DATABASE fresh'
if services fresh >"$work/fresh"; then fail "the services' account migrates an empty database"; fi
grep -q 'account pmsuser may not change it' "$work/fresh" || { cat "$work/fresh"; fail "nothing says that the owner is needed"; }
PGPASSWORD="it's secret" psql -AtqX -h 127.0.0.1 -p "$port" -U pmsuser scripts -c 'SELECT count(*) FROM pms.partner, pms.outbox, keymgr.key_alias' >/dev/null || fail "pmsuser may not read"
echo "db_scripts: the schema and rows of the program, twice without a change"

ours=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
it=crates/database/tests/it
number=0
for line in '1.3.0-beta.1:' '1.2.2.3:reference_1_2_2' '1.2.1.0:reference_1_2_2 reference_1_2_1' '1.2.0.1:reference_1_2_2 reference_1_2_1 reference_1_2_0_1'; do
    version=${line%%:*} number=$((number + 1)) name=old$number
    sql postgres -c "CREATE DATABASE $name"
    sql "$name" -f "$it/reference.sql" -f "$it/reference_rows.sql"
    for script in ${line#*:}; do sql "$name" -f "$it/$script.sql"; done
    tables=$(sql "$name" -c "SELECT string_agg(format('SELECT %L || ROW(%s)::text FROM pms.%I', table_name, columns, table_name), ' UNION ALL ') FROM (SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position) AS columns FROM information_schema.columns WHERE table_schema = 'pms' GROUP BY 1) t")
    before=$(sql "$name" -c "$tables" | sort | md5sum)
    for action in upgrade rollback upgrade upgrade; do
        properties "$name" "ACTION=$action" "CURRENT_VERSION=$version" "UPGRADE_VERSION=$ours" >"$work/upgrade.properties"
        db_upgrade_scripts/mosip_pms/upgrade.sh "$work/upgrade.properties" >/dev/null || fail "$action of $version"
        [ "$before" = "$(sql "$name" -c "$tables" | sort | md5sum)" ] || fail "$action of $version changes rows"
    done
    [ "$("$pms" migrate --database-url "postgres://postgres@127.0.0.1:$port/$name" | head -1)" = "The schema is up to date." ] || fail "$version: the program finds something to do"
done
echo "db_upgrade_scripts: four lines of the reference, there, back and there again, with every row"

# What the program refuses the scripts refuse too, in the same words, and change nothing.
sql postgres -c 'CREATE DATABASE strange'
sql strange -f "$it/reference.sql"
refused() { # what the database has, what is said of it
    sql strange -c "$1"
    before=$(shape strange | md5sum)
    properties strange ACTION=upgrade CURRENT_VERSION=1.3.0-beta.1 "UPGRADE_VERSION=$ours" >"$work/upgrade.properties"
    if db_upgrade_scripts/mosip_pms/upgrade.sh "$work/upgrade.properties" >"$work/strange" 2>&1; then fail "the scripts migrate a database with: $1"; fi
    grep -qF "$2" "$work/strange" || { cat "$work/strange"; fail "the scripts don't say: $2"; }
    if "$pms" migrate --database-url "postgres://postgres@127.0.0.1:$port/strange" >"$work/strange" 2>&1; then fail "the program migrates a database with: $1"; fi
    grep -qF "$2" "$work/strange" || { cat "$work/strange"; fail "the program does not say: $2"; }
    [ "$before" = "$(shape strange | md5sum)" ] || fail "what is refused is changed: $1"
}
refused 'ALTER TABLE pms.misp_license ADD COLUMN id varchar(36) NOT NULL' 'its layout is newer than 1.3.0-beta.1, column pms.misp_license.id needs a value'
refused 'ALTER TABLE pms.partner ALTER COLUMN name TYPE bytea USING name::bytea' 'column pms.partner.name has the unexpected type bytea'
refused 'ALTER TABLE pms.partner DROP COLUMN name' 'its layout is older than 1.2.0.1, column pms.partner.name is missing'
echo "db_upgrade_scripts: layouts that the program refuses"

"$bin/pg_dump" -h 127.0.0.1 -p "$port" -U postgres --format=custom scripts >"$work/dump"
PMS=$pms deploy/restore-drill.sh "$work/dump" - "postgres://postgres@127.0.0.1:$port/scripts" >"$work/drill" || { cat "$work/drill"; fail "restore drill"; }
grep -q 'as many rows as the source' "$work/drill" || { cat "$work/drill"; fail "restore drill: rows"; }
echo "restore drill: $(head -1 "$work/drill")"
