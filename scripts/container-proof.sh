#!/usr/bin/env bash
# Proves a built image as scripts/container.sh made it: run as docs/container.md says it is to be run, it becomes healthy,
# keeps what it was given over restarts, and says in a sentence why it cannot start. CONTAINER_IMAGE is the image.
set -euo pipefail
cd "$(dirname "$0")/.."

work=${CONTAINER_WORK:-/var/tmp/opsmeter-container}
image=${CONTAINER_IMAGE:?which image}
name=opsmeter-proof-$$
data=$name-data
at=127.0.0.1:${CONTAINER_PORT:-5089}
key=opm_proofkey_0123456789abcdefghijklmnop
email=lead@example.com password='three quiet orange trains'
cookies=$(mktemp)
passed=0 failed=0

# Where no systemd runs, podman says at every step that it cannot plan the health checks, which are asked for here.
podman() {
  command podman --storage-driver "${STORAGE_DRIVER:-vfs}" --root "$work/storage" --runroot "$work/run" \
    --runtime /usr/sbin/runc --cgroup-manager cgroupfs "$@" 2> >(grep -v 'systemd connection' >&2)
}

# The host's network and limits on files are what a machine without an engine's network needs; the rest is docs/container.md.
hardened=(--user 1654:1654 --read-only --read-only-tmpfs=false --tmpfs /tmp:size=64m,mode=1777 --cap-drop ALL
  --security-opt no-new-privileges --network host --ulimit nofile=4096:4096 --ulimit nproc=4096:4096
  --env ASPNETCORE_URLS="http://$at" --env Setup__ApiKey="$key" --env Setup__AdminEmail="$email" --env Setup__AdminPassword="$password")

clean() {
  podman rm --force --ignore "$name" >/dev/null 2>&1 || true
  podman volume rm --force "$data" "$data-restored" >/dev/null 2>&1 || true
  rm -rf "$cookies" "$work/backup.tar" "$work/foreign"
}
trap clean EXIT

expect() {
  local what=$1
  shift
  if "$@" >/dev/null 2>&1; then passed=$((passed + 1)); echo "ok      $what"; else failed=$((failed + 1)); echo "FAILED  $what"; fi
}

not() { ! "$@"; }

start() { podman run --detach --name "$name" "${hardened[@]}" --volume "$1" "$image" >/dev/null; }

# As the engine asks, at most a minute.
healthy() {
  local began=$SECONDS
  until podman healthcheck run "$name" >/dev/null 2>&1; do
    if [ $((SECONDS - began)) -gt 60 ]; then podman logs "$name" >&2; return 1; fi
    sleep 0.5
  done
  echo "        healthy after $((SECONDS - began)) s" >&3
}

of_process() { grep -qE "^$1:[[:space:]]+$2" "/proc/$(podman inspect --format '{{.State.Pid}}' "$name")/status"; }

row() { curl -fsS -H "X-API-Key: $key" -H 'Content-Type: application/json' "http://$at/v1/ingest/llm-request" -d '{"externalRequestId":"proof-1",
  "provider":"openai","model":"gpt-5-mini","endpointTag":"proof.kept","promptVersion":"v1","inputTokens":240,"outputTokens":80,"latencyMs":10,"status":"success"}'; }

has_row() { curl -fsS -H "X-API-Key: $key" "http://$at/v1/requests/proof-1" | grep -q 'proof.kept' && row | grep -q '"duplicate":true'; }

page_status() { curl -sS -o /dev/null -w '%{http_code}' -b "$cookies" -H 'Accept: text/html' "http://$at/"; }

signed_in() { [ "$(page_status)" = 200 ]; }

sign_in() {
  local page fields=() tag
  page=$(curl -fsS -c "$cookies" -H 'Accept: text/html' "http://$at/account/sign-in")
  while read -r tag; do
    fields+=(--data-urlencode "$(sed -E 's/.*name="([^"]*)".*/\1/' <<<"$tag")=$(sed -E 's/.*value="([^"]*)".*/\1/' <<<"$tag")")
  done < <(grep -oE '<input[^>]*type="hidden"[^>]*>' <<<"$page")
  curl -fsS -o /dev/null -b "$cookies" -c "$cookies" "${fields[@]}" --data-urlencode "Input.Email=$email" --data-urlencode "Input.Password=$password" \
    "http://$at/account/sign-in"
}

# Ends by itself, with code 1 and one sentence that has these words in it.
refuses() {
  local volume=$1 words=$2 output code=0
  output=$(podman run --rm "${hardened[@]}" --volume "$volume" "$image" 2>&1) || code=$?
  sed 's/^/        /' <<<"$output" >&3
  [ "$code" -eq 1 ] && grep -q "Opsmeter cannot start. .*$words" <<<"$output" && ! grep -q '^   at ' <<<"$output"
}

exec 3>&1
start "$data:/data"
expect "it becomes healthy" healthy
expect "it runs as 1654, not as root" of_process Uid 1654
expect "it has no capabilities" of_process CapEff 0000000000000000
expect "it can get no more privileges" of_process NoNewPrivs 1
expect "its root file system is read-only" not podman exec "$name" touch /app/new
expect "there is no curl in it" not podman exec "$name" sh -c 'command -v curl'
expect "it stores a row" row
expect "before signing in, pages ask for it" not signed_in
expect "one signs in" sign_in
expect "after it, pages are shown" signed_in

podman restart --time 20 "$name" >/dev/null
expect "restarted, it becomes healthy" healthy
expect "the row is kept, and counted once" has_row
expect "who was signed in still is" signed_in

podman rm --force --time 20 "$name" >/dev/null
podman volume export "$data" --output "$work/backup.tar"
start "$data:/data"
expect "a new container on the volume becomes healthy" healthy
expect "the row is kept" has_row
expect "who was signed in still is" signed_in

podman rm --force --time 20 "$name" >/dev/null
podman volume create "$data-restored" >/dev/null
podman volume import "$data-restored" "$work/backup.tar"
start "$data-restored:/data"
expect "a container on a backup of the volume becomes healthy" healthy
expect "the row is in it" has_row
podman rm --force --time 20 "$name" >/dev/null

expect "a read-only volume is told in a sentence" refuses "$data:/data:ro" "read-only"
mkdir -p "$work/foreign"
expect "a folder of another user is told in a sentence" refuses "$work/foreign:/data" "cannot be written"

echo "container: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
