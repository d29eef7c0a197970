#!/usr/bin/env bash
# From a version of the reference to this one, or back, with psql alone. Usage: upgrade.sh PROPERTIES
# Ends all other connections of the database first, as the reference's script does;
# services of this project connect again by themselves.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
file=${1:-$here/upgrade.properties}
[ -f "$file" ] || { echo "Property file $file not found." >&2; exit 1; }
# The last line may lack its end.
while IFS='=' read -r key value || [ -n "$key" ]; do
    case $key in
    '' | \#*) ;;
    *) if [ -n "$value" ]; then printf -v "${key//[. ]/_}" '%s' "$value"; fi ;;
    esac
done <"$file"
case ${ACTION:-} in
upgrade | rollback) ;;
*) echo "ACTION is upgrade or rollback." >&2; exit 1 ;;
esac
script=$here/sql/${CURRENT_VERSION}_to_${UPGRADE_VERSION}_$ACTION.sql
[ -f "$script" ] || { echo "There is no $ACTION from $CURRENT_VERSION to $UPGRADE_VERSION: $script" >&2; exit 1; }
export PGPASSWORD=${SU_USER_PWD:-${PGPASSWORD:-}} PGOPTIONS='--client-min-messages=warning'
psql=(psql -q -v ON_ERROR_STOP=1 --username="$SU_USER" --host="$DB_SERVERIP" --port="$DB_PORT" --dbname="$DEFAULT_DB_NAME")
"${psql[@]}" -v "name=$MOSIP_DB_NAME" >/dev/null <<'SQL'
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :'name' AND pid <> pg_backend_pid();
SQL
"${psql[@]}" -v "dbname=$MOSIP_DB_NAME" -f "$script"
echo "$ACTION of $MOSIP_DB_NAME is done."
