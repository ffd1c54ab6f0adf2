#!/bin/sh
# Pins the dependencies by version and hash, without download addresses. What is pinned already stays, unless told:
#   UPGRADE="--upgrade" make lock            all of it
#   UPGRADE="--upgrade-package X" make lock  one of them
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "uv is missing: https://docs.astral.sh/uv/" >&2; exit 1; }
command -v npm >/dev/null || { echo "npm is missing: install Node 20 or newer" >&2; exit 1; }

compile() {
    uv pip compile --quiet --generate-hashes --python-version 3.11 --universal --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" ${UPGRADE:-} "$@" >/dev/null
}
compile pyproject.toml -o requirements/run.lock
compile pyproject.toml --extra dev -c requirements/run.lock -o requirements/dev.lock
compile requirements/node.in -o requirements/node.lock
compile requirements/servers.in -o requirements/servers.lock
npm install --package-lock-only --ignore-scripts --no-audit --no-fund
if grep -nE '"resolved"|://[^"]*\.tgz' package-lock.json; then
    echo "package-lock.json names a download address; see .npmrc" >&2
    exit 1
fi
