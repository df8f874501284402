using System.Globalization;
using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Tests.Configuration;

public class BindingTests
{
    private const string Echo = "providers: [{name: e, type: echo, models: [m]}]\n";

    private static readonly Gen<CircuitOptions> Circuit =
        Gen.Select(Gen.Int[0, 100], Gen.Int[1, 50], Gen.Int[10, 100_000], Gen.Bool, Gen.Int[1, 3600]).Select((rate, run, recovery, limited, window) => new CircuitOptions
        {
            ErrorRateThreshold = rate / 100.0,
            ConsecutiveFailures = run,
            RecoveryWindow = TimeSpan.FromMilliseconds(recovery),
            TreatRateLimitAsError = limited,
            WindowSeconds = window,
        });

    [Fact]
    public void AnyCircuit_WrittenAndBound_ComesBack() => Circuit.Sample(circuit =>
        Assert.Equal(circuit, Options($"{Echo}circuit_breaker:\n{Written(circuit, 2, _ => true)}").CircuitBreaker));

    /// <summary>Whichever keys a provider overrides, and wherever the global block stands, the rest is the global one's.</summary>
    [Fact]
    public void AnyProviderCircuit_OverAnyGlobalOne_MergesKeyByKey() => Gen.Select(Circuit, Circuit, Gen.Bool.Array[5], Gen.Bool).Sample((global, own, takes, globalFirst) =>
    {
        var providers = "providers:\n  - name: e\n    type: echo\n    models: [m]\n" + (takes.Any(t => t) ? $"    circuit_breaker:\n{Written(own, 6, i => takes[i])}" : "");
        var block = $"circuit_breaker:\n{Written(global, 2, _ => true)}";
        var merged = Options(globalFirst ? block + providers : providers + block).Providers[0].CircuitBreaker;
        Assert.Equal(new CircuitOptions
        {
            ErrorRateThreshold = (takes[0] ? own : global).ErrorRateThreshold,
            ConsecutiveFailures = (takes[1] ? own : global).ConsecutiveFailures,
            RecoveryWindow = (takes[2] ? own : global).RecoveryWindow,
            TreatRateLimitAsError = (takes[3] ? own : global).TreatRateLimitAsError,
            WindowSeconds = (takes[4] ? own : global).WindowSeconds,
        }, merged);
    });

    [Fact]
    public void AnyUnknownKey_InAnyBlock_IsOneWarningAtItsLineAndChangesNothing() => Gen.Select(Gen.Char["qxz"].Array[6, 12], Gen.Int[0, 3]).Sample((letters, block) =>
    {
        var key = new string(letters);
        string[] lines = ["providers:", "  - name: e", "    type: echo", "    models: [m]", "log:", "  level: debug"];
        var (at, indent) = block switch { 0 => (0, ""), 1 => (2, "    "), 2 => (5, "  "), _ => (6, "") };
        var text = string.Join('\n', lines.Take(at).Append($"{indent}{key}: 1").Concat(lines.Skip(at)));
        var result = Sample.Load(text);
        var problem = Assert.Single(result.Problems);
        Assert.Equal((at + 1, indent.Length + 1, true), (problem.Line, problem.Column, problem.IsWarning));
        Assert.Equal(Sample.Load(string.Join('\n', lines)).Loaded!.Snapshot.Hash, result.Loaded!.Snapshot.Hash);
    });

    [Fact]
    public void FromFileFlags_AreSetOnlyWhereTheFileItselfGivesTheKey()
    {
        var options = Options("providers: [{name: e, type: echo, models: [m], circuit_breaker: {probe_timeout: 90s}}]\ncircuit_breaker: {latency_p95_ms: 90000}");
        Assert.Equal((true, false), (options.CircuitBreaker.LatencyP95FromFile, options.CircuitBreaker.ProbeTimeoutFromFile));
        Assert.Equal((true, true), (options.Providers[0].CircuitBreaker.LatencyP95FromFile, options.Providers[0].CircuitBreaker.ProbeTimeoutFromFile));
    }

    [Theory]
    [InlineData("budgets: [{caller: a, limit_usd: 1.5, period: day, action: hard_stop}]")]
    [InlineData("budgets: {callers: [{caller: a, limit_usd: 1.5, period: day, action: hard_stop}]}")]
    [InlineData("budgets:\n  state_file: \"\"\n  - {caller: a, limit_usd: 1.5, period: day, action: hard_stop}")]
    [InlineData("budgets:\n  state_file:\n  - {caller: a, limit_usd: 1.5, period: day, action: hard_stop}\n  on_unavailable: deny")]
    [InlineData("budgets:\r\n    state_file: x # why\r\n\r\n    # who\r\n    - caller: a\r\n      limit_usd: 1.5\r\n      period: day\r\n      action: hard_stop\r\n")]
    [InlineData("budgets:\n- caller: a\n  limit_usd: 1.5\n  period: day\n  action: hard_stop")]
    public void Budgets_InEveryShape_BindTheSame(string budgets)
    {
        var budget = Assert.Single(Options(Echo + budgets).Budgets.Callers);
        Assert.Equal(new BudgetOptions { Caller = "a", LimitUsd = 1.5m, Period = BudgetPeriod.Day, Action = BudgetAction.HardStop }, budget);
    }

    [Fact]
    public void MergeKeys_AndAnchors_AreFollowedWithTheOwnKeysOnTop()
    {
        var options = Options("providers:\n  - &base {name: a, type: echo, models: [m], timeout: 5s}\n  - <<: *base\n    name: b\n    timeout: 9s");
        Assert.Equal([("a", 5), ("b", 9)], options.Providers.Select(p => (p.Name, (int)p.Timeout.TotalSeconds)));
        Assert.Equal(["m"], options.Providers[1].Models!);
    }

    [Fact]
    public void NullValues_LeaveTheDefault()
    {
        var options = Options(Echo + "log:\nlisten: ~\nrouting: {groups: null}");
        Assert.Equal((":8080", new LogOptions()), (options.Listen, options.Log));
        Assert.Empty(options.Routing.Groups);
    }

    [Fact]
    public void UnsetKey_LeavesAnEmptyCredentialAndNotNone()
    {
        var result = Sample.Load("providers: [{name: o, type: openai, api_key: \"${NOT_SET}\", base_url: \"${NOT_SET_EITHER}\"}]");
        var provider = result.Loaded!.Snapshot.Options.Providers[0];
        Assert.Equal("", provider.ApiKey);
        Assert.Null(provider.BaseUrl);
        Assert.Equal(2, result.Problems.Count(p => p.IsWarning && p.Problem.Problem.Contains("is not set", StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryScalarKind_IsReadWithItsUnit()
    {
        var options = Options(Echo + """
            limits: {max_body: 10MB, max_header_bytes: 64KiB, max_body_memory: 1GiB}
            stream: {heartbeat: 250ms, early_heartbeat: 1m30s}
            pricing:
              unknown: refuse
              e: {m: {input_per_million: 0.15, output_per_million: 6e-1, cached_input_per_million: 0.075}}
            cluster: {store: memory}
            """);
        Assert.Equal((10_000_000L, 65536, 1L << 30), (options.Limits.MaxBody, options.Limits.MaxHeaderBytes, options.Limits.MaxBodyMemory));
        Assert.Equal((TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(90)), (options.Stream.Heartbeat, options.Stream.EarlyHeartbeat));
        Assert.Equal((0.15m, 0.6m, 0.075m), (options.Pricing.Overrides["e"]["m"].InputPerMillion, options.Pricing.Overrides["e"]["m"].OutputPerMillion, options.Pricing.Overrides["e"]["m"].CachedInputPerMillion));
        Assert.Equal((UnknownPriceAction.Refuse, StoreKind.Memory), (options.Pricing.Unknown, options.Cluster.Store));
    }

    private static InfermuxOptions Options(string text)
    {
        var result = Sample.Load(text);
        Assert.True(result.Loaded is not null, string.Join('\n', result.Problems));
        return result.Loaded.Snapshot.Options;
    }

    private static string Written(CircuitOptions c, int indent, Func<int, bool> takes) => string.Concat(new[]
    {
        $"error_rate_threshold: {c.ErrorRateThreshold.ToString(CultureInfo.InvariantCulture)}", $"consecutive_failures: {c.ConsecutiveFailures}",
        $"recovery_window: {Duration.Write(c.RecoveryWindow)}", $"treat_rate_limit_as_error: {(c.TreatRateLimitAsError ? "true" : "false")}", $"window_seconds: {c.WindowSeconds}",
    }.Where((_, i) => takes(i)).Select(line => $"{new string(' ', indent)}{line}\n"));
}
