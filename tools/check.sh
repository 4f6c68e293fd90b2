#!/usr/bin/env bash
# Runs every gate that is no test, the quick ones first, and prints what a failing one said.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

bin=.venv/bin
failed=()

# gate NAME COMMAND...: run COMMAND quietly; remember NAME when it fails.
gate() {
    local name=$1 started=$EPOCHREALTIME output
    shift
    if output=$("$@" 2>&1); then
        awk -v n="$name" -v a="$started" -v b="$EPOCHREALTIME" \
            'BEGIN { printf "%-14s ok      %5.1f s\n", n, b - a }'
    else
        printf '%-14s FAILED\n%s\n' "$name" "$output"
        failed+=("$name")
    fi
}

gate format "$bin/ruff" format --check
gate lint "$bin/ruff" check
gate spelling "$bin/typos"
gate shell "$bin/shellcheck" tools/*.sh .ci/run
gate tidy "$bin/python" -m tools.tidy
gate contracts "$bin/lint-imports" --no-logo
gate dependencies "$bin/deptry" src
gate front-end bash tools/frontend.sh check
gate mypy "$bin/mypy"
gate basedpyright "$bin/basedpyright"

if [ ${#failed[@]} -gt 0 ]; then
    echo "failed: ${failed[*]}" >&2
    exit 1
fi
