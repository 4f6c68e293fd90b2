#!/usr/bin/env bash
# Serves the demonstration household from var/data. As root the embedded PostgreSQL runs under a
# user of its own, who must be able to enter every parent of the data directory: where that user
# cannot, the data goes to a folder of this checkout's own under /var/lib.
set -euo pipefail
cd "$(dirname "$0")/.."

# Tells whether any user may enter a folder and all of its parents.
anyone_may_enter() {
    local folder=$1
    while [ "$folder" != / ]; do
        case $(stat -c %A "$folder") in
        *x | *t) folder=$(dirname "$folder") ;;
        *) return 1 ;;
        esac
    done
}

data=$PWD/var/data
if [ "$(id -u)" = 0 ] && ! anyone_may_enter "$PWD"; then
    data=/var/lib/solvent-$(printf %s "$PWD" | sha256sum | cut -c1-12)
    echo "Only root may enter $PWD, so the data goes to $data."
fi
(umask 022 && mkdir -p "$(dirname "$data")")

export SOLVENT_ENV=${SOLVENT_ENV:-development}
exec .venv/bin/solvent serve --demo --data-dir "$data" "$@"
