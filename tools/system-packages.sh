#!/usr/bin/env bash
# Installs what the tests need from Debian and no wheel holds: Chromium, PostgreSQL 15, curl.
set -euo pipefail

missing=()
command -v curl >/dev/null || missing+=(curl)
command -v chromium >/dev/null || missing+=(chromium)
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "make: the tests need ${missing[*]}; on Debian, as root: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "set-up: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
