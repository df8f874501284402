#!/usr/bin/env bash
# The longer tests: 25 kills of the store and of the process that hosts one, rolling restarts and upgrades under 20 s streams,
# 200,000 seeds of the account simulation, the embedded store's amounts. Some 25 minutes on two cores that do nothing else.
# Needs redis-server. Goes on after a failure and says at the end which parts failed.
set -uo pipefail
cd "$(dirname "$0")/../.."
command -v redis-server >/dev/null || { echo "redis-server is missing: apt-get install redis-server" >&2; exit 1; }
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
tests/cluster/publish.sh "$programs"
export INFERMUX_TEST_PROGRAMS=$programs
failed=()
part() { # name, command
  local name=$1; shift
  echo "== $name"
  "$@" || failed+=("$name")
}
part "faults over processes" dotnet run -c Release --project tests/cluster/Infermux.Cluster.Tests -- \
  -explicit only -namespace Infermux.Cluster.Tests.Faults -showLiveOutput
part "account simulation, 200,000 seeds" env INFERMUX_SIM_SEEDS=10000..209999 \
  dotnet run -c Release --project tests/Infermux.Core.Tests -- -class Infermux.Core.Tests.Budgets.AccountSimulationTests -showLiveOutput
part "embedded store" dotnet test -c Release --project tests/Infermux.EmbeddedStore.Tests -- --explicit only --show-live-output on
[ ${#failed[@]} -eq 0 ] || { printf 'failed: %s\n' "${failed[@]}" >&2; exit 1; }
