#!/usr/bin/env bash
# What several processes cost: pairs of reserve and settle in a second (one hot account, 1,000 accounts), what a reserve adds at low load,
# CPU of a request with 1, 2 and 3 gateways before 2 silos, and against a bare YARP forwarder. Over redis-server with fsync always. Some sixteen
# minutes on a machine that does nothing else.
# Needs redis-server. Usage: bench/cluster.sh [accounts|latency|gateways [requests/s, default 200]], all three by default. Fails where a figure misses its goal.
set -uo pipefail
cd "$(dirname "$0")/.."
command -v redis-server >/dev/null || { echo "redis-server is missing: apt-get install redis-server" >&2; exit 1; }
what=${1:-all} failed=0
export INFERMUX_BENCH_RATE=${2:-200}
[[ $INFERMUX_BENCH_RATE =~ ^[1-9][0-9]*$ ]] || { echo "the rate is '$2'; write whole requests per second, such as 200" >&2; exit 1; }
run() { # project, method
  dotnet run -c Release --project "$1" -- -explicit only -method "$2" -showLiveOutput || failed=1
}
case $what in accounts | all) run tests/Infermux.Hosting.Tests '*.AccountRateMeasurements.*' ;; esac
case $what in latency | all) run tests/cluster/Infermux.Cluster.Tests '*.Reserve_AtLowLoad_*' ;; esac
case $what in gateways | all) run tests/cluster/Infermux.Cluster.Tests '*.From1To3Gateways_*' ;; esac
case $what in accounts | latency | gateways | all) exit $failed ;; *) echo "usage: bench/cluster.sh [accounts|latency|gateways [requests/s]]" >&2; exit 1 ;; esac
