#!/usr/bin/env bash
# Makes database, role, schema and default rows with psql alone. Usage: deploy.sh PROPERTIES
# Passwords are in the environment: SU_USER_PWD, DBUSER_PWD (of pmsuser). What is there
# already stays: nothing is dropped, and a second run changes nothing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
file=${1:-$here/deploy.properties}
[ -f "$file" ] || { echo "Property file $file not found." >&2; exit 1; }
# The last line may lack its end.
while IFS='=' read -r key value || [ -n "$key" ]; do
    case $key in
    '' | \#*) ;;
    *) printf -v "${key//[. ]/_}" '%s' "$value" ;;
    esac
done <"$file"
export PGPASSWORD=${SU_USER_PWD:-${PGPASSWORD:-}} PGOPTIONS='--client-min-messages=warning'
psql=(psql -q -v ON_ERROR_STOP=1 --username="$SU_USER" --host="$DB_SERVERIP" --port="$DB_PORT")
"${psql[@]}" --dbname="$DEFAULT_DB_NAME" -v "name=$MOSIP_DB_NAME" -f "$here/db.sql"
"${psql[@]}" --dbname="$DEFAULT_DB_NAME" -v "dbuserpwd=${DBUSER_PWD:-}" -f "$here/role_dbuser.sql"
"${psql[@]}" --dbname="$MOSIP_DB_NAME" -f "$here/ddl.sql"
"${psql[@]}" --dbname="$MOSIP_DB_NAME" -f "$here/grants.sql"
if [ "${DML_FLAG:-0}" = 1 ]; then "${psql[@]}" --dbname="$MOSIP_DB_NAME" -f "$here/dml.sql"; fi
echo "Database $MOSIP_DB_NAME is deployed."
