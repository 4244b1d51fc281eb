#!/usr/bin/env bash
# Builds Opsmeter and runs all of its tests, those of whole servers with the app as the image has it, and first installs what
# they need where it is missing: Node.js (the build takes charts, fonts and prices from npm) and Chromium (the browser tests).
# Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

results=TestResults
app=Opsmeter.Web/bin/published

install() {
  local packages=("$@") run=()
  if ! command -v apt-get >/dev/null; then
    echo "Missing: ${packages[*]}. Install them with this system's package manager and run $0 again." >&2
    exit 1
  fi
  if [ "$(id -u)" -ne 0 ]; then run=(sudo); fi
  "${run[@]}" apt-get update -q
  "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}"
}

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download and run $0 again." >&2
  exit 1
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then install nodejs npm; fi
if [ -z "${CHROMIUM:-}" ] && ! command -v chromium-headless-shell chromium google-chrome >/dev/null; then
  # The shell alone is the smaller and faster one; not every system has it as a package of its own.
  install chromium-headless-shell fonts-liberation || install chromium fonts-liberation
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf "$results" "$app"
dotnet build Opsmeter.sln --configuration Release --nologo

# Compiled ahead of time from what was just built, as the image has it: servers are started more than a hundred times.
ahead=(--use-current-runtime -p:PublishReadyToRun=true)
dotnet restore Opsmeter.Web "${ahead[@]}" --verbosity quiet
dotnet publish Opsmeter.Web --configuration Release --no-build --nologo --verbosity quiet --output "$app" --self-contained false \
  "${ahead[@]}" -p:UseAppHost=false -p:AppendRuntimeIdentifierToOutputPath=false
export OPSMETER_APP="$PWD/$app/Opsmeter.Web.dll"

# What is run for minutes only does not pay for being watched first.
export DOTNET_TieredPGO=0

# Scripts in every text of every page take minutes: they run where OPSMETER_PAYLOADS says how many. A test that waits for
# ever ends the run as a failure.
short=() patience=45m
if [ -n "${OPSMETER_PAYLOADS:-}" ]; then patience=90m; else short=(--filter-not-trait run=long); fi
code=0
dotnet test --solution Opsmeter.sln --configuration Release --no-build --report-trx --results-directory "$results" \
  --timeout "$patience" "${short[@]}" "$@" || code=$?

# The counters of every report; a run that made no report, or ran nothing, is a failure too.
read -r passed failed < <(grep -ho '<Counters [^>]*' "$results"/*.trx 2>/dev/null | awk '
  { for (i = 1; i <= NF; i++) { split($i, pair, "\""); if ($i ~ /^passed=/) p += pair[2]; if ($i ~ /^(failed|error|timeout|aborted)=/) f += pair[2] } }
  END { print p + 0, f + 0 }')
if [ "$passed" -eq 0 ]; then echo "No test ran." >&2; code=1; fi
if [ "$failed" -ne 0 ] && [ "$code" -eq 0 ]; then code=1; fi
echo "$passed passed, $failed failed"
exit "$code"
