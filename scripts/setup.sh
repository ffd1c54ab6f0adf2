#!/bin/sh
# Finds a Python that will do and hands over to setup.py.
set -eu
cd "$(dirname "$0")/.."

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
else
    set -- .venv/bin/python python3.13 python3.12 python3.11 python3 python3.14
fi
for python in "$@"; do
    if fits "$python"; then
        exec "$python" -I -B scripts/setup.py
    fi
done
echo "Salur needs Python 3.11 or newer with its venv module; tried: $*." >&2
echo "On Debian and Ubuntu: apt install python3 python3-venv. Another place: make PYTHON=/path/to/python3.12 setup" >&2
exit 1
