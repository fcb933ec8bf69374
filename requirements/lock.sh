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
        .venv/bin/uv pip compile "$@" --no-config --quiet --universal \
        --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
        --no-header --no-annotate --output-file "requirements/$name.txt"
}

compile dev pyproject.toml --group embedded --group test --group dev
compile test pyproject.toml --group embedded --group test --constraint requirements/dev.txt
compile run pyproject.toml --group embedded --constraint requirements/dev.txt
compile production pyproject.toml --constraint requirements/dev.txt
# Beside the project, not in it: what it is compared with.
compile bench --group pyproject.toml:bench
