#!/bin/sh
# Writes the lock files anew from pyproject.toml. dev.txt is resolved first and holds the others
# to its versions, so that installing a larger one also satisfies the smaller.
# The environment is cleared and no configuration read: the files name neither index nor folder.
set -eu
cd "$(dirname "$0")/.."

compile() {
    name=$1
    shift
    echo "requirements/$name.txt …"
    env -i PATH="$PATH" HOME="${HOME:-/}" ${SSL_CERT_FILE:+SSL_CERT_FILE="$SSL_CERT_FILE"} \
        .venv/bin/uv pip compile pyproject.toml "$@" --no-config --quiet --universal \
        --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-header --no-annotate --output-file "requirements/$name.txt"
}

compile dev --group embedded --group test --group dev
compile test --group embedded --group test --constraint requirements/dev.txt
compile run --group embedded --constraint requirements/dev.txt
compile production --constraint requirements/dev.txt
