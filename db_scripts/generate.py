#!/usr/bin/env python3
"""Writes what psql needs of the migrations and seeds, in the layout of the reference's
db_scripts and db_upgrade_scripts. generate.py [--check]

The scripts include the migrations themselves, so there is one text of each; the
default rows are written out, since psql can't fill in the policies' documents.
"""
import json
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[1]
# Versions of the reference that are adopted.
FROM = ["1.2.0.1", "1.2.1.0", "1.2.2.0", "1.2.2.1", "1.2.2.2", "1.2.2.3", "1.2.2.4", "1.3.0-beta.1"]
NOTE = "-- Written by db_scripts/generate.py; don't change it by hand.\n"
LOCK = "SELECT pg_advisory_lock(hashtext('pms'), hashtext('migrate'));\n"
TABLE = """CREATE TABLE IF NOT EXISTS public.__diesel_schema_migrations (
    version varchar(50) PRIMARY KEY NOT NULL,
    run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
"""


LAYOUT = """DO $$
DECLARE
    problem text;
BEGIN
    WITH expected (place, tab, name, kind, may_miss, table_may_miss) AS (VALUES
        ROWS
    ), found AS (
        SELECT table_name::text AS tab, column_name::text AS name, data_type::text AS kind,
               is_nullable = 'NO' AND column_default IS NULL AS needed
        FROM information_schema.columns WHERE table_schema = 'pms'
    ), tables AS (
        SELECT DISTINCT tab FROM found WHERE tab IN (SELECT tab FROM expected)
    ), problems (place, text) AS (
        SELECT e.place, CASE
            WHEN f.name IS NULL THEN
                format('its layout is older than 1.2.0.1, column pms.%s.%s is missing; run the reference''s upgrade scripts first', e.tab, e.name)
            ELSE format('column pms.%s.%s has the unexpected type %s', e.tab, e.name, f.kind)
        END
        FROM expected e LEFT JOIN found f USING (tab, name)
        WHERE CASE
            WHEN f.name IS NULL THEN
                NOT (e.may_miss OR (e.table_may_miss AND e.tab NOT IN (SELECT tab FROM tables)))
            WHEN e.kind = 'varchar' THEN f.kind NOT IN ('character varying', 'text', 'character')
            WHEN e.kind = 'timestamp' THEN f.kind NOT LIKE 'timestamp with%'
            ELSE f.kind <> e.kind
        END
        UNION ALL
        SELECT 100000, format('its layout is newer than 1.3.0-beta.1, column pms.%s.%s needs a value', f.tab, f.name)
        FROM found f
        WHERE f.needed AND f.tab IN (SELECT tab FROM tables)
          AND NOT EXISTS (SELECT FROM expected e WHERE e.tab = f.tab AND e.name = f.name)
    )
    SELECT p.text INTO problem FROM problems p
    WHERE EXISTS (SELECT FROM tables)
    ORDER BY p.place, p.text LIMIT 1;
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION 'this database can''t be adopted: %', problem;
    END IF;
END
$$;
"""


def migrations():
    """(version, folder) in order."""
    folders = sorted(one.parent for one in (TOP / "migrations").glob("*/up.sql"))
    return [(folder.name.split("_")[0].replace("-", ""), folder.name) for folder in folders]


def layout():
    """What `pms migrate` refuses in the tables that are there, said before anything is changed."""
    rows, table = [], ""
    for line in (TOP / "crates/database/src/migrations/layout.txt").read_text().splitlines():
        words = line.split()
        if not words or words[0] == "#":
            continue
        may_miss = str(words[-1] == "?").lower()
        if line.startswith(" "):
            rows.append(f"({len(rows)}, '{table}', '{words[0]}', '{words[1]}', {may_miss}, {table_may_miss})")
        else:
            table, table_may_miss = words[0], may_miss
    return NOTE + LAYOUT.replace("ROWS", ",\n        ".join(rows))


def up():
    text = NOTE + "\\set ON_ERROR_STOP on\nSET client_encoding = 'UTF8';\nSET search_path = public;\nSET client_min_messages = warning;\n" + LOCK
    text += "\\ir layout.sql\n"
    text += "-- A database of the reference's older lines first gets the columns of 1.2.2.\n"
    text += "SELECT to_regclass('pms.partner') IS NOT NULL AND to_regclass('public.__diesel_schema_migrations') IS NULL AS adopted \\gset\n"
    text += "\\if :adopted\nBEGIN;\n\\ir ../../../crates/database/src/migrations/older.sql\nCOMMIT;\n\\endif\n" + TABLE
    for version, folder in migrations():
        alone = (TOP / "migrations" / folder / "metadata.toml").exists()
        text += f"SELECT NOT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '{version}') AS todo \\gset\n"
        text += "\\if :todo\n" + ("" if alone else "BEGIN;\n")
        text += f"\\ir ../../../migrations/{folder}/up.sql\n"
        text += f"INSERT INTO public.__diesel_schema_migrations (version) VALUES ('{version}');\n"
        text += ("" if alone else "COMMIT;\n") + "\\endif\n"
    text += "-- Unique indexes that rows forbade before.\n\\ir ../../../crates/database/src/migrations/unique.sql\n"
    return text


def down():
    text = NOTE + "\\set ON_ERROR_STOP on\nSET client_encoding = 'UTF8';\nSET search_path = public;\nSET client_min_messages = warning;\n" + LOCK
    text += "-- All or nothing: refused while there are keys, certificates or undelivered rows.\nBEGIN;\n"
    for version, folder in reversed(migrations()[1:]):
        text += f"SELECT EXISTS (SELECT FROM public.__diesel_schema_migrations WHERE version = '{version}') AS done \\gset\n"
        text += f"\\if :done\n\\ir ../../../migrations/{folder}/down.sql\n\\endif\n"
    return text + "DROP TABLE public.__diesel_schema_migrations;\nCOMMIT;\n"


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def seeds():
    source = (TOP / "crates/database/src/seeds.rs").read_text()
    before, after = (re.findall(r'sql!\("(\w+)"\)', part.split("];")[0]) for part in source.split("const BEFORE_POLICIES")[1].split("const AFTER_POLICIES"))
    policies = re.findall(r'policy!\("([\w-]+)" in "([\w-]+)"\)', source)
    folder = TOP / "crates/database/seeds"
    text = NOTE + "BEGIN;\n"
    for table in before:
        text += (folder / f"{table}.sql").read_text() + "\n"
    one = (folder / "auth_policy.sql").read_text()
    for name, group in policies:
        document = (folder / f"policies/mpolicy-default-{name}.json").read_text()
        # As the program stores it: without the file's layout.
        document = json.dumps(json.loads(document), separators=(",", ":"), ensure_ascii=False)
        values = {"$1": literal(f"mpolicy-default-{name}"), "$2": literal(f"mpolicygroup-default-{group}"), "$3": literal(document)}
        body = one.split("\n", 1)[1]
        text += re.sub(r"\$[123]", lambda found: values[found.group()], body) + "\n"
    for table in after:
        text += (folder / f"{table}.sql").read_text() + "\n"
    return text + "COMMIT;\n"


def wanted():
    version = re.search(r'^version = "(.*)"', (TOP / "Cargo.toml").read_text(), re.M).group(1)
    files = {
        "db_scripts/mosip_pms/ddl/layout.sql": layout(),
        "db_scripts/mosip_pms/ddl/schema.sql": up(),
        "db_scripts/mosip_pms/dml/defaults.sql": seeds(),
        "db_scripts/mosip_pms/ddl/undo.sql": down(),
    }
    for old in FROM:
        base = f"db_upgrade_scripts/mosip_pms/sql/{old}_to_{version}"
        files[f"{base}_upgrade.sql"] = NOTE + "\\c :dbname\n\\ir ../../../db_scripts/mosip_pms/ddl.sql\n\\ir ../../../db_scripts/mosip_pms/grants.sql\n"
        files[f"{base}_rollback.sql"] = NOTE + "\\c :dbname\n\\ir ../../../db_scripts/mosip_pms/ddl/undo.sql\n"
    return files


def main():
    files, wrong = wanted(), []
    for name, text in files.items():
        path = TOP / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                wrong.append(name)
        else:
            path.write_text(text)
    known = {TOP / name for name in files}
    wrong += [str(path) for path in (TOP / "db_upgrade_scripts/mosip_pms/sql").glob("*.sql") if path not in known]
    if wrong:
        sys.exit(f"not what the migrations say: {', '.join(wrong)}; run db_scripts/generate.py")


main()
