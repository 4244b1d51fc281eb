#!/usr/bin/env bash
# Fuzzes every reader of a body, guided by coverage: scripts/fuzz.sh [SECONDS], 60 unless said. Ends with the figures; with
# code 1 and the inputs where a reader threw or hung. scripts/fuzz.sh --planted adds a defect, and fails unless it is found
# within five minutes. Needs afl-fuzz (the package afl++ of Debian and Ubuntu).
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60 planted=()
case "${1:-}" in
  --planted) seconds=300 planted=(--planted) ;;
  *[!0-9]*) echo "Usage: $0 [SECONDS | --planted]" >&2; exit 2 ;;
  ?*) seconds=$1 ;;
esac
if ! command -v afl-fuzz >/dev/null; then
  echo "afl-fuzz is missing: install the package afl++ and run $0 again." >&2
  exit 1
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
out=artifacts/fuzz built=Opsmeter.Fuzz/bin/Debug/net10.0
dotnet tool restore >/dev/null
dotnet build Opsmeter.Fuzz -v q
rm -rf "$out"
mkdir -p "$out"
cp -r "$built" "$out/app"
cp -r Opsmeter.Fuzz/Seeds "$out/seeds"
{ printf 6; tail -c +2 "$out/seeds/row" | gzip -nc; } >"$out/seeds/gzip"

# What is instrumented must not run before the fuzzer is there, so the program itself is not, but for its defect.
dotnet sharpfuzz "$out/app/Opsmeter.Web.dll" Opsmeter.Web.Hosting Opsmeter.Web.Ingest Opsmeter.Web.Policy
dotnet sharpfuzz "$out/app/YamlDotNet.dll"
if [ ${#planted[@]} -gt 0 ]; then dotnet sharpfuzz "$out/app/Opsmeter.Fuzz.dll" Opsmeter.Fuzz.Planted; fi

export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
if [ ${#planted[@]} -gt 0 ]; then export AFL_BENCH_UNTIL_CRASH=1; fi
afl-fuzz -i "$out/seeds" -o "$out/found" -t 5000 -m none -V "$seconds" -- \
  dotnet "$out/app/Opsmeter.Fuzz.dll" "${planted[@]}" >"$out/log" 2>&1 || { tail -n 20 "$out/log" >&2; exit 1; }

stat() { awk -v name="$1" '$1 == name { print $3 }' "$out/found/default/fuzzer_stats"; }
crashes=$(stat saved_crashes) hangs=$(stat saved_hangs)
echo "$(stat execs_done) executions in $(stat run_time) s, $(stat corpus_count) inputs kept, $crashes crashes, $hangs hangs"
if [ ${#planted[@]} -gt 0 ]; then
  if [ "$crashes" -eq 0 ]; then echo "The planted defect was not found." >&2; exit 1; fi
  echo "The planted defect was found after $(stat run_time) s."
elif [ "$crashes" -ne 0 ] || [ "$hangs" -ne 0 ]; then
  find "$out/found/default/crashes" "$out/found/default/hangs" -name 'id:*' | while read -r input; do
    echo "$input"
    timeout 20 dotnet "$built/Opsmeter.Fuzz.dll" --show "$input" 2>&1 | head -n 5 || true
  done
  exit 1
fi
