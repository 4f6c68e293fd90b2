#!/usr/bin/env bash
# Sets the checkout up: packages, the project itself, the front end, translations. Each step leaves
# a stamp made of what it was built from, and is done again only when that changes.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${SOLVENT_PYTHON:-python3}
site() { .venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
digest() { sha256sum "$@" 2>/dev/null | sha256sum | cut -c1-32; }
digest_of_tree() { find "$@" -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32; }

# step NAME KEY COMMAND...: run COMMAND unless it has succeeded for this KEY before.
step() {
    local stamp=.setup/$1 key=$2
    shift 2
    [ "$(cat "$stamp" 2>/dev/null)" = "$key" ] && return
    echo "set-up: $(basename "$stamp")"
    rm -f "$stamp"
    "$@"
    printf '%s\n' "$key" >"$stamp"
}

environment() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null || {
        echo "make: $python has no venv; on Debian: apt-get install python3-venv" >&2
        return 1
    }
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement requirements/bootstrap.txt
}

packages() {
    .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
}

project() {
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation \
        --editable .
}

translations() {
    for folder in src/solvent/*/locale; do
        .venv/bin/pybabel --quiet compile --directory "$folder" || return
    done
}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "make: Solvent needs Python 3.11 or newer as $python (SOLVENT_PYTHON names another)" >&2
    exit 1
}

mkdir -p .setup
exec 9>.setup/lock
if command -v flock >/dev/null; then flock 9; fi

# A virtual environment knows the folder it was made in, so that folder is part of its key.
[ -x .venv/bin/uv ] || rm -f .setup/environment
step environment "$PWD $(digest requirements/bootstrap.txt)" environment
locked="$(cat .setup/environment) $(digest requirements/dev.txt)"
[ "$(cat .setup/packages 2>/dev/null)" = "$locked" ] || rm -f .setup/project
step packages "$locked" packages
step project "$locked $(digest pyproject.toml)" project

[ -d frontend/node_modules ] || rm -f .setup/node-packages
[ -d src/solvent/web/static/dist ] || rm -f .setup/front-end
sources=$(find frontend -mindepth 1 -maxdepth 1 ! -name node_modules)
step node-packages "$(digest frontend/package.json frontend/package-lock.json)" \
    bash tools/frontend.sh install
# shellcheck disable=SC2086 # one word per file or folder, by intent
step front-end "$(digest_of_tree $sources)" bash tools/frontend.sh build

step translations "$(digest src/solvent/*/locale/*/LC_MESSAGES/*.po)" translations
