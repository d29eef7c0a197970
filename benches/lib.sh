# Shared by the scripts of this directory: a scratch directory, processes that end with the
# script, and the database of `pms up`. To be sourced; sets `dir` and `pids`.

say() { echo "$@" >&2; }

# begin NAME ; makes `dir`, which is removed at the end, when all processes have ended.
begin() {
    dir=$(mktemp -d "/tmp/pms-$1.XXXXXX")
    # PostgreSQL runs as another user.
    chmod 711 "$dir"
    pids=()
    trap 'end_all; rm -rf "$dir"' EXIT
    trap 'exit 1' INT TERM
}

# up NAME URL COMMAND... ; waits until the URL is answered, by no fault (a minute at most). Sets
# `pid`, and `ready`: after how many ms that was.
up() {
    local name=$1 url=$2 began
    shift 2
    began=$(date +%s%N)
    "$@" >"$dir/$name.log" 2>&1 &
    pid=$!
    pids+=("$pid")
    until [[ $(curl -s -m 1 -o /dev/null -w '%{http_code}' "$url") == [234]?? ]]; do
        ready=$((($(date +%s%N) - began) / 1000000))
        if ! kill -0 "$pid" 2>/dev/null || [ "$ready" -gt 60000 ]; then
            say "$name did not start:"
            cat "$dir/$name.log" >&2
            exit 1
        fi
        sleep 0.005
    done
    ready=$((($(date +%s%N) - began) / 1000000))
    say "$name: answers after $ready ms, pid $pid"
}

# Ends the process that was started last.
down() {
    local last=${pids[-1]}
    unset 'pids[-1]'
    kill -TERM "$last" 2>/dev/null || true
    wait "$last" 2>/dev/null || true
}

end_all() {
    local one
    for one in "${pids[@]}"; do kill -TERM "$one" 2>/dev/null || true; done
    for one in "${pids[@]}"; do wait "$one" 2>/dev/null || true; done
    pids=()
}

# Points psql and pgbench to the PostgreSQL of `pms up --data-dir "$dir/data"`.
use_database() {
    PGHOST=$(sed -n 5p "$(find "$dir/data/postgres" -name postmaster.pid | head -n 1)")
    export PGHOST PGUSER=postgres PGDATABASE=mosip_pms
}

# memory PID VmRSS|VmHWM ; in MiB
memory() {
    awk -v what="$2:" '$1 == what {printf "%.0f", $2 / 1024}' "/proc/$1/status"
}
