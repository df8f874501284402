using Infermux.Core.Failures;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Reporting;

/// <summary>
/// Tells providers' owners what this gateway's attempts met. Never blocks and never throws: a fault leaves at once, successes within 50 ms, the count in
/// flight at least each second.
/// </summary>
internal interface IAttemptReports
{
    /// <summary>Attempts of this gateway that are in flight at a provider.</summary>
    int InFlight(string provider);

    /// <summary>An attempt goes out: in flight + 1.</summary>
    void Dispatched(Selection selection);

    /// <summary>First content after <paramref name="latency"/>: the verdict is a success.</summary>
    void Succeeded(Selection selection, TimeSpan latency, bool stream);

    /// <summary>
    /// The attempt failed before content. Whether that marks the circuit or rests the model is decided by Core's FailureRules from the class and from
    /// whose credential it was.
    /// </summary>
    void Failed(Selection selection, ProviderFailure failure, bool ourCredential);

    /// <summary>The stream broke after content.</summary>
    void BrokeAfterContent(Selection selection, ProviderFailure failure);

    /// <summary>The caller hung up before a verdict.</summary>
    void Cancelled(Selection selection);

    /// <summary>The attempt is over, whatever it met: in flight − 1. Called exactly once for each <see cref="Dispatched"/>.</summary>
    void Ended(Selection selection, Guid operation, int attempt, long tokensUsed);
}
