#!/bin/sh
# Runs one of the scripts beside it where nobody has been before: empty.sh npm.sh. File systems and processes are its own;
# its home and working directory are in memory, empty, and gone afterwards. Needs the right to make namespaces (root).
# npm and pip ask the registries that npm_config_registry and PIP_FIND_LINKS name; without them, those that all ask.
set -eu
script=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/$1
exec unshare --mount --pid --fork --kill-child --mount-proc sh -c '
  mount -t tmpfs tmpfs /mnt
  mkdir /mnt/home /mnt/home/project
  cd /mnt/home/project
  exec env -i HOME=/mnt/home PATH="$PATH" PORT="${PORT:-8000}" ${npm_config_registry:+npm_config_registry="$npm_config_registry"} \
    ${PIP_FIND_LINKS:+PIP_FIND_LINKS="$PIP_FIND_LINKS"} ${PIP_CERT:+PIP_CERT="$PIP_CERT"} sh -eu "$1"
' sh "$script"
