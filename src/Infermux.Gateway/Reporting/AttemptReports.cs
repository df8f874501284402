using System.Collections.Concurrent;
using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Reporting;

/// <summary>
/// Sorts what attempts met into one <see cref="ProviderOutbox"/> per provider. Stops after the web server and before Orleans, sending what is left: register
/// it after Orleans.
/// </summary>
internal sealed class AttemptReports(
    IReportReceiver receiver, IDegradedSelector degraded, ICurrentConfiguration configuration, TimeProvider time, ILogger<AttemptReports> logger)
    : IAttemptReports, IHostedService, IDisposable
{
    private readonly Guid _gateway = Guid.NewGuid();
    private readonly ConcurrentDictionary<string, ProviderOutbox> _outboxes = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public void Dispatched(Selection selection) => For(selection).Dispatched(selection.Generation, selection.ReservedTokens);

    /// <inheritdoc />
    public int InFlight(string provider) => _outboxes.TryGetValue(provider, out var outbox) ? outbox.InFlight : 0;

    /// <inheritdoc />
    public void Succeeded(Selection selection, TimeSpan latency, bool stream)
    {
        var forP95 = stream || Circuit(selection).LatencyP95FromFile;
        For(selection).Succeeded(selection.Generation, selection.ProbePermit, latency, forP95);
        if (degraded.IsOn)
        {
            degraded.Tell(selection.Provider, Met(selection, Outcome.Success) with
            {
                MeanLatencyMs = latency.TotalMilliseconds,
                Latencies = forP95 ? [(LatencyBuckets.Of(latency.TotalMilliseconds), 1)] : [],
            });
        }
    }

    /// <inheritdoc />
    public void Failed(Selection selection, ProviderFailure failure, bool ourCredential)
    {
        if (failure.Class == FailureClass.ClientGone)
        {
            Cancelled(selection);
            return;
        }

        var then = FailureRules.For(failure, ourCredential, Circuit(selection).TreatRateLimitAsError);
        var rest = then.Rests is { } reason ? new RestHint(selection.TargetModel, reason == RestReason.QuotaExhausted, failure.RetryAfter) : null;
        For(selection).Booked(
            then.MarksCircuit ? OutcomeKind.Fault : OutcomeKind.Neutral, selection.Generation, selection.ProbePermit, Detail(then, failure), rest);
        degraded.Tell(selection.Provider, Met(selection, then.MarksCircuit ? Outcome.Fault : Outcome.Neutral));
    }

    /// <inheritdoc />
    public void BrokeAfterContent(Selection selection, ProviderFailure failure)
    {
        For(selection).Booked(OutcomeKind.BrokeAfterContent, selection.Generation, null, FailureRules.TagOf(failure.Class), null);
        degraded.Tell(selection.Provider, Met(selection, Outcome.Fault) with { ProbePermit = null });
    }

    /// <inheritdoc />
    public void Cancelled(Selection selection)
    {
        For(selection).Booked(OutcomeKind.Cancelled, selection.Generation, selection.ProbePermit, "", null);
        degraded.Tell(selection.Provider, Met(selection, Outcome.Cancelled));
    }

    /// <inheritdoc />
    public void Ended(Selection selection, Guid operation, int attempt, long tokensUsed) => For(selection).Ended(
        Provider(selection)?.RateLimits.TokensPerMinute is null ? null : new TokenCorrection(operation, attempt, tokensUsed), selection.ReservedTokens);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        receiver.OnAsked(Tell);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_outboxes.Values.Select(o => o.DrainAsync(cancellationToken)));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var outbox in _outboxes.Values)
        {
            outbox.Dispose();
        }
    }

    private void Tell(string provider)
    {
        if (_outboxes.TryGetValue(provider, out var outbox))
        {
            outbox.TellNow();
        }
    }

    private static string Detail(FailureConsequence then, ProviderFailure failure) => then.MarksCircuit ? FailureRules.TagOf(failure.Class) : "";

    private OutcomeBatch Met(Selection selection, Outcome outcome) =>
        new() { Gateway = _gateway, Generation = selection.Generation, Outcome = outcome, ProbePermit = selection.ProbePermit };

    private ProviderOutbox For(Selection selection) =>
        _outboxes.GetOrAdd(selection.Provider, static (name, self) => self.NewOutbox(name), this);

    private ProviderOutbox NewOutbox(string provider) => new(provider, _gateway, receiver, time, logger);

    private CircuitOptions Circuit(Selection selection) => Provider(selection)?.CircuitBreaker ?? configuration.Current.Options.CircuitBreaker;

    private ProviderOptions? Provider(Selection selection)
    {
        foreach (var provider in configuration.Current.Options.Providers)
        {
            if (provider.Name.Equals(selection.Provider, StringComparison.Ordinal))
            {
                return provider;
            }
        }

        return null;
    }
}
