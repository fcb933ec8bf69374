#!/bin/sh
# Draws the secrets of docker-compose.yml at random, each into a file that is never changed again.
# usage: docker/draw-secrets.sh [FOLDER]        (by default docker/secrets, beside this script)
#
# Docker mounts the files as they are, so the user of a container must be able to read them; the
# folder keeps everybody else on this machine out.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"
for name in secret_key database_password application_password; do
    file=$folder/$name
    if [ -s "$file" ]; then
        echo "$file: there already"
        continue
    fi
    draft=$file.$$
    head -c 48 /dev/urandom | base64 | tr -d '\n' >"$draft"
    chmod 444 "$draft"
    mv "$draft" "$file"
    echo "$file: drawn"
done
