namespace Infermux.Core.Failures;

/// <summary>What one attempt met, as its dialect read it.</summary>
/// <param name="Class">Whose fault it is.</param>
/// <param name="Status">The provider's HTTP status; null where there was no answer.</param>
/// <param name="Message">The provider's own words, credentials masked; safe to show to a caller.</param>
/// <param name="Code">The provider's own code, where it gave one.</param>
/// <param name="RetryAfter">How long the provider asked to be left alone; null where it said nothing usable.</param>
public sealed record ProviderFailure(FailureClass Class, int? Status, string Message, string? Code = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The provider's error body in the caller's dialect, relayed as it is for the caller's own faults; empty where there is none.</summary>
    public ReadOnlyMemory<byte> RelayBody { get; init; }

    /// <summary>Tokens the provider says it billed although the attempt failed; null where it said nothing.</summary>
    public Pricing.TokenUsage? Usage { get; init; }
}
