#!/usr/bin/env bash
# Builds the image and proves it without a Docker engine: scripts/container.sh [build | prove]; both unless said.
#
# Needs root and, from Debian: buildah podman runc debootstrap curl. The bases of the image are taken from
#   SDK_IMAGE, RUNTIME_IMAGE   references that buildah can pull; unless both are set, stand-ins for the official images are
#                              made from a Debian base and the .NET that is installed on this machine
# and what the stand-in of the SDK needs to reach package registries from
#   CERTIFICATES               a file of trusted certificates for it (default: this machine's)
#   BUILD_ENVIRONMENT          names of variables of this shell, separated by spaces, that its build sees too
# The image is opsmeter:proof; nothing of the build's surroundings is in it. Ends with "container: N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

work=${CONTAINER_WORK:-/var/tmp/opsmeter-container}
driver=${STORAGE_DRIVER:-vfs}
certificates=${CERTIFICATES:-/etc/ssl/certs/ca-certificates.crt}
image=localhost/opsmeter:proof
storage=(--storage-driver "$driver" --root "$work/storage" --runroot "$work/run")

buildah() { command buildah "${storage[@]}" "$@"; }

# A base like the official image: Debian, and the parts of this machine's .NET that it would have.
stand_in() {
  local name=$1 container root part
  shift
  container=$(buildah from scratch)
  root=$(buildah mount "$container")
  cp -a "$work/debian/." "$root/"
  mkdir -p "$root/usr/share/dotnet"
  for part in "$@"; do cp -a "$dotnet/$part" "$root/usr/share/dotnet/"; done
  ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
  if [ "$name" = sdk ]; then
    cp -L "$certificates" "$root/etc/ssl/certs/ca-certificates.crt"
    buildah config --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
      --env DOTNET_CLI_TELEMETRY_OPTOUT=1 --env DOTNET_NOLOGO=1 "$container"
    for part in ${BUILD_ENVIRONMENT:-}; do buildah config --env "$part=${!part}" "$container"; done
  fi
  buildah umount "$container" >/dev/null
  buildah commit --rm --quiet "$container" "localhost/opsmeter-stand-in-$name" >/dev/null
}

build() {
  mkdir -p "$work"
  if [ -z "${SDK_IMAGE:-}" ] || [ -z "${RUNTIME_IMAGE:-}" ]; then
    SDK_IMAGE=localhost/opsmeter-stand-in-sdk RUNTIME_IMAGE=localhost/opsmeter-stand-in-aspnet
    if ! buildah inspect --type image "$RUNTIME_IMAGE" >/dev/null 2>&1; then
      dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
      if [ ! -e "$work/debian/usr/bin/apt-get" ]; then
        debootstrap --variant=minbase --include=ca-certificates,libicu72,libssl3,libstdc++6,zlib1g bookworm "$work/debian" >/dev/null
      fi
      stand_in sdk dotnet host packs sdk sdk-manifests shared templates
      stand_in aspnet dotnet host shared
    fi
  fi
  # The Docker format keeps the health check.
  buildah bud --format docker --isolation chroot --network host --layers=false --pull=never \
    --build-arg SDK_IMAGE="$SDK_IMAGE" --build-arg RUNTIME_IMAGE="$RUNTIME_IMAGE" --tag "$image" .
}

case "${1:-all}" in
  build) build ;;
  prove) ;;
  all) build ;;
  *) sed -n '2,12p' "$0"; exit 2 ;;
esac
if [ "${1:-all}" = build ]; then exit 0; fi
CONTAINER_IMAGE=$image CONTAINER_WORK=$work STORAGE_DRIVER=$driver exec scripts/container-proof.sh
