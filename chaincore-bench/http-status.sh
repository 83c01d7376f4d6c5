#!/usr/bin/env bash
# How many times a second a node answers GET /status: wrk with 32 connections on this machine, after a
# warm-up. Needs wrk and the examples' jar (mvn package). Prints one JSON object in the form of
# SideBySide; the machine should have two quiet cores.
#
#   chaincore-bench/http-status.sh [SECONDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly SECONDS_EACH=${1:-10}
readonly JAR=${CHAINCORE_JAR:-examples/target/chaincore.jar}
readonly GOAL=20000

out=$(mktemp)
java -Xmx256m -jar "$JAR" node --p2p-port 0 --http-port 0 >"$out" 2>/dev/null &
node=$!
trap 'kill "$node"; rm -f "$out"' EXIT
until grep -q '^ready ' "$out"; do
  kill -0 "$node"
  sleep 0.1
done
address=$(sed -n 's/.* http=\([^ ]*\) .*/\1/p' "$out")

measure() {
  wrk -t2 -c32 -d"${SECONDS_EACH}s" --latency "http://$address/status"
}

measure >/dev/null
measure | awk -v goal="$GOAL" '
  /Requests\/sec:/ { rate = $2 }
  $1 == "99%" { p99 = $2 }
  /Non-2xx/ { bad = $NF }
  END {
    printf "{\"metric\":\"http_status\",\"chaincore\":%.0f,\"peer\":%d,\"peer_name\":\"aim\",", rate, goal
    printf "\"ratio\":%.3f,\"goal\":1.00,\"unit\":\"requests per second, 32 connections, p99 %s\",", rate / goal, p99
    printf "\"runs\":1}\n"
    exit bad > 0
  }'
