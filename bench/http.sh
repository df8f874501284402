#!/usr/bin/env bash
# CPU, memory and latency per request: the gateway (routing, metering, prices, events followed), with and without a hard budget, beside a bare YARP forwarder, in front of one mock upstream, in one run.
# "openai-4k" and "anthropic-4k" are 4 KB of conversation in and 500 bytes out, to an OpenAI-shaped and, translated, to an Anthropic-shaped provider.
# Then the gateway's RSS after 10,000 and after 100,000 requests of a fresh process, and 300 paced streams, direct and through it.
# Needs wrk (Debian package wrk), curl and python3. Usage: bench/http.sh [seconds per measurement, default 10] [rounds, default 3] [least seconds of warm-up each, default 45]
# ROWS="openai-4k anthropic-4k" measures these rows alone, and none of what follows them.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10} rounds=${2:-3} warm_up=${3:-45} connections=32
rows=${ROWS:-yarp infermux budget openai-4k anthropic-4k}
command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
dotnet build -c Release -v q --nologo bench/Infermux.HttpBench
dotnet build -c Release -v q --nologo src/Infermux.Gateway
work=$(mktemp -d)
pids=()
cleanup() { kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"; }
trap cleanup EXIT
free_port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
bench=bench/Infermux.HttpBench/bin/Release/net10.0/Infermux.HttpBench
gateway=src/Infermux.Gateway/bin/Release/net10.0/infermux
up=$(free_port); yarp=$(free_port); gw=$(free_port)
"$bench" upstream "$up" & pids+=($!)
"$bench" yarp "$yarp" "http://127.0.0.1:$up" & yarp_pid=$!; pids+=($yarp_pid)
cat > "$work/infermux.yml" <<Y
listen: 127.0.0.1:$gw
log: {level: ${LOG_LEVEL:-warn}}
cluster: {store: ${STORE:-embedded}, data_dir: $work/data}
providers:
  - {name: primary, type: openai, api_key: bench, base_url: "http://127.0.0.1:$up/v1", models: [gpt-4o-mini, short]}
  - {name: second, type: openai, api_key: bench, base_url: "http://127.0.0.1:$up/v1", models: [gpt-4o-mini, short]}
  - {name: claude, type: anthropic, api_key: bench, base_url: "http://127.0.0.1:$up", models: [claude-haiku-4-5]}
pricing:
  claude: {claude-haiku-4-5: {input_per_million: 0.15, output_per_million: 0.60}}
  primary: {gpt-4o-mini: {input_per_million: 0.15, output_per_million: 0.60}, short: {input_per_million: 0.15, output_per_million: 0.60}}
  second: {gpt-4o-mini: {input_per_million: 0.15, output_per_million: 0.60}}
budgets:
  callers:
    - {caller: budgeted, limit_usd: 1000000, action: hard_stop}
Y
serve() { "$gateway" serve --config "$work/infermux.yml" >>"$work/gateway.log" 2>&1 & gw_pid=$!; pids+=("$gw_pid"); }
serve
for port in $up $yarp $gw; do
  for _ in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
done
ready() { # a gateway that cannot start fails the run, with its own words
  for _ in $(seq 150); do curl -fs -o /dev/null "http://127.0.0.1:$gw/readyz" && return; sleep 0.2; done
  cat "$work/gateway.log" >&2; exit 1
}
ready
curl -sN -o /dev/null "http://127.0.0.1:$gw/_infermux/events" & pids+=($!) # somebody listens, so events are made and sent
lua() { # name, more headers, body
cat > "$work/$1.lua" <<L
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer bench"
$2
wrk.body = $3
L
}
one_kb="'{\"model\":\"gpt-4o-mini\",\"max_tokens\":200,\"messages\":[{\"role\":\"user\",\"content\":\"' .. string.rep('y', 940) .. '\"}]}'"
turns="string.rep('{\"role\":\"user\",\"content\":\"' .. string.rep('Please sum it up. ', 24) .. '\"},{\"role\":\"assistant\",\"content\":\"' .. string.rep('It says so. ', 36) .. '\"},', 4)"
four_kb() { echo "'{\"model\":\"$1\",\"max_tokens\":200,\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},' .. $turns .. '{\"role\":\"user\",\"content\":\"And now?\"}]}'"; }
lua plain '' "$one_kb"
lua budget 'wrk.headers["X-Infermux-Caller"] = "budgeted"' "$one_kb"
lua openai-4k '' "$(four_kb short)"
lua anthropic-4k '' "$(four_kb claude-haiku-4-5)"
ticks=$(getconf CLK_TCK)
cpu() { awk -v t="$ticks" '{sub(/^.*\) /,""); print ($12+$13)*1000000/t}' "/proc/$1/stat"; }
rss() { awk '/VmRSS/{print int($2/1024)}' "/proc/$1/status"; }
allocated() {
  if [ "$1" = "$yarp_pid" ]; then curl -fsS "http://127.0.0.1:$yarp/_bench/allocated"
  else curl -fsS "http://127.0.0.1:$gw/_infermux/metrics" | awk '/^dotnet_gc_heap_total_allocated_bytes_total/ && !n++ {printf "%.0f\n", $2}'; fi
}
measure() { # name pid port lua
  local c0 c1 a0 a1 out n
  c0=$(cpu "$2"); a0=$(allocated "$2")
  out=$(wrk -t1 -c$connections -d"${seconds}s" --latency -s "$work/$4.lua" "http://127.0.0.1:$3/v1/chat/completions")
  c1=$(cpu "$2"); a1=$(allocated "$2")
  n=$(awk '/requests in/{print $1}' <<<"$out")
  if grep -q 'Non-2xx' <<<"$out"; then grep 'Non-2xx' <<<"$out" >&2; fi
  awk -v name="$1" -v n="$n" -v c="$(echo "$c0 $c1" | awk '{print $2-$1}')" -v a="$(echo "$a0 $a1" | awk '{print $2-$1}')" -v rss="$(rss "$2")" \
    -v rps="$(awk '/Requests\/sec/{print $2}' <<<"$out")" -v p50="$(awk '/ 50%/{print $2}' <<<"$out")" -v p99="$(awk '/ 99%/{print $2}' <<<"$out")" \
    'BEGIN{printf "%-12s %10.0f req/s  p50 %-9s p99 %-9s %8.1f cpu_us/req %9.0f bytes/req %6d MB rss\n", name, rps, p50, p99, c/n, a/n, rss}' | tee -a "$work/figures"
}
# The gateway has some ten times YARP's code to compile in tiers; measured sooner, the compiler would be the result. So each kind is warmed until the
# compiler's thread takes less than a hundredth of the process, for at most four minutes.
compiler() { cat /proc/"$1"/task/*/comm /proc/"$1"/task/*/stat | awk -v t="$ticks" '/\.NET Tiered/ && /\)/ {sub(/^.*\) /,""); n+=$12+$13} END{print n*1000000/t}'; }
warm() { # name pid port lua
  local spent=0 c0 c1 j0 j1
  wrk -t1 -c$connections -d"${warm_up}s" -s "$work/$4.lua" "http://127.0.0.1:$3/v1/chat/completions" >/dev/null
  for spent in $(seq "$warm_up" 5 240); do
    c0=$(cpu "$2"); j0=$(compiler "$2")
    wrk -t1 -c$connections -d5s -s "$work/$4.lua" "http://127.0.0.1:$3/v1/chat/completions" >/dev/null
    c1=$(cpu "$2"); j1=$(compiler "$2")
    awk -v c="$c0 $c1" -v j="$j0 $j1" 'BEGIN{split(c,a," "); split(j,b," "); exit !(b[2]-b[1] < (a[2]-a[1])/100)}' && break
  done
  echo "$1 is warm after $((spent + 5)) s: the compiler took $(echo "$c0 $c1 $j0 $j1" | awk '{printf "%.1f", ($4-$3)/($2-$1)*100}') % of the last 5 s"
}
each() { # what to do with each row
  for row in $rows; do
    case $row in
      yarp) "$1" yarp "$yarp_pid" "$yarp" plain ;;
      infermux) "$1" infermux "$gw_pid" "$gw" plain ;;
      *) "$1" "$row" "$gw_pid" "$gw" "$row" ;;
    esac
  done
}
each warm
: > "$work/figures"
for _ in $(seq "$rounds"); do each measure; done
awk '
  {k=$1; c[k]=c[k] " " $8; b[k]=b[k] " " $10}
  function median(s,  a,n,i,j,t){n=split(s,a," "); for(i=1;i<=n;i++)for(j=i+1;j<=n;j++)if(a[j]+0<a[i]+0){t=a[i];a[i]=a[j];a[j]=t} return a[int((n+1)/2)]}
  END{if(c["openai-4k"] && c["anthropic-4k"]){t=median(c["anthropic-4k"])/median(c["openai-4k"])
      printf "OpenAI in, Anthropic out to OpenAI out (medians): cpu %.2f bytes %.2f; goal: cpu <= 2 %s\n", t, median(b["anthropic-4k"])/median(b["openai-4k"]), t<=2?"met":"MISSED"}
    if(!c["yarp"] || !c["infermux"] || !c["budget"]) exit
    y=median(c["yarp"]); yb=median(b["yarp"]);
    cpu=median(c["infermux"])/y; bytes=median(b["infermux"])/yb; held=median(c["budget"])/y
    printf "ratio to yarp (medians): infermux cpu %.2f bytes %.2f; with a hard budget cpu %.2f bytes %.2f\n", cpu, bytes, held, median(b["budget"])/yb
    printf "goals: cpu <= 1.5 %s, bytes <= 2 %s, cpu with a hard budget <= 2.5 %s\n", cpu<=1.5?"met":"MISSED", bytes<=2?"met":"MISSED", held<=2.5?"met":"MISSED"}' "$work/figures"
chunks() { # CPU of the gateway for each of the 20,000 chunks of 100 paced streams, by what the provider speaks
  local model c0 c1
  "$bench" streams "http://127.0.0.1:$gw" 100 60 gpt-4o-mini >/dev/null && "$bench" streams "http://127.0.0.1:$gw" 100 60 claude-haiku-4-5 >/dev/null
  for _ in $(seq "$rounds"); do
    for model in gpt-4o-mini claude-haiku-4-5; do
      c0=$(cpu "$gw_pid"); "$bench" streams "http://127.0.0.1:$gw" 100 60 "$model" >/dev/null || return 1; c1=$(cpu "$gw_pid")
      echo "$model $(echo "$c0 $c1" | awk '{print ($2-$1)/20000}')"
    done
  done | awk '{v[$1]=v[$1] " " $2} function median(s,  a,n,i,j,t){n=split(s,a," "); for(i=1;i<=n;i++)for(j=i+1;j<=n;j++)if(a[j]+0<a[i]+0){t=a[i];a[i]=a[j];a[j]=t} return a[int((n+1)/2)]}
    END{o=median(v["gpt-4o-mini"]); a=median(v["claude-haiku-4-5"]); printf "cpu_us of a chunk of 50 bytes, 100 streams at 20/s: OpenAI out%s, Anthropic out%s; ratio of medians %.2f; goal: <= 2 %s\n", v["gpt-4o-mini"], v["claude-haiku-4-5"], a/o, a/o<=2?"met":"MISSED"}'
}
case " $rows " in *anthropic-4k*) chunks ;; esac
[ -z "${ROWS:-}" ] || exit 0
streams=0
echo "paced streams, 300 at 20 chunks/s, direct and through the gateway:"
"$bench" streams "http://127.0.0.1:$up" 300 60 gpt-4o-mini | tee "$work/streams" || streams=1
"$bench" streams "http://127.0.0.1:$gw" 300 60 gpt-4o-mini | tee -a "$work/streams" || streams=1
awk -F'[= ]' '{p50[NR]=$8; p99[NR]=$10} END{printf "added delay per chunk: p50 %.3f ms, p99 %.3f ms\n", p50[2]-p50[1], p99[2]-p99[1]}' "$work/streams"
kill "$gw_pid"; wait "$gw_pid" 2>/dev/null || true
rm -rf "$work/data"; serve; ready
sent=0
send_until() { # at least this many requests in all
  while [ "$sent" -lt "$1" ]; do
    sent=$((sent + $(wrk -t1 -c$connections -d1s -s "$work/plain.lua" "http://127.0.0.1:$gw/v1/chat/completions" | awk '/requests in/{print $1}')))
  done
}
send_until 10000; early=$(rss "$gw_pid"); early_sent=$sent
send_until 100000; late=$(rss "$gw_pid")
awk -v a="$early" -v b="$late" -v n="$early_sent" -v m="$sent" 'BEGIN{printf "rss of a fresh gateway: %d MB after %d requests, %d MB after %d: %+.0f %%\n", a, n, b, m, (b/a-1)*100}'
exit "$streams"
