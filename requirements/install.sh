#!/bin/sh
# Makes .venv and installs one of the lock files beside this script, each only when needed.
# usage: install.sh run|test|dev        (each contains the ones before it)
set -eu
cd "$(dirname "$0")/.."
wanted=$1
python=.venv/bin/python

usable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "No Python 3.11 or newer (with its venv module) is on the PATH: install one," >&2
    echo "or name it: make PYTHON=/path/to/python3" >&2
    exit 1
}

if ! usable $python; then
    found=$(find_python)
    began=$(date +%s)
    echo "Making .venv with $("$found" --version) …"
    rm -rf .venv
    "$found" -m venv .venv
    echo "  $(($(date +%s) - began)) s"
fi

if ! cmp -s "requirements/$wanted.txt" ".venv/installed-$wanted.txt"; then
    began=$(date +%s)
    echo "Installing $(grep -c == "requirements/$wanted.txt") packages from requirements/$wanted.txt …"
    # The lock file names all that is needed. Most modules are never imported, so that Python
    # compiles what is used faster than pip compiles everything.
    $python -m pip install --quiet --disable-pip-version-check --no-input --progress-bar off \
        --no-compile --no-deps --only-binary :all: --require-hashes -r "requirements/$wanted.txt"
    for lock in run test dev; do
        cp "requirements/$lock.txt" ".venv/installed-$lock.txt"
        if [ $lock = "$wanted" ]; then break; fi
    done
    echo "  $(($(date +%s) - began)) s"
fi
