#!/usr/bin/env bash
# Writes requirements/*.txt anew from pyproject.toml: newest releases, hashes, and no address.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
        --generate-hashes --no-annotate --no-header "$@"
}

compile pyproject.toml --all-extras --group build --group check --group test \
    --output-file requirements/dev.txt
compile pyproject.toml --all-extras --constraints requirements/dev.txt --output-file requirements/run.txt
echo uv | compile - --constraints requirements/dev.txt --output-file requirements/bootstrap.txt
