using Infermux.Core.Pricing;
using Infermux.Providers;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>What one stream has cost so far beside its prompt, for whoever keeps its hold alive. Read by another thread than the one that relays.</summary>
internal sealed class RunningCost(ModelPrice? price, StreamTranslator stream)
{
    /// <summary>USD, at 4 characters a token: the provider counts at the end only.</summary>
    public decimal Output => price?.Cost(new TokenUsage(0, Output: AttemptCost.Tokens(stream.OutputCharacters))) ?? 0m;

    public static RunningCost Of(Attempt attempt, StreamTranslator stream) =>
        new(AttemptCost.PriceOf(attempt.Exchange, attempt.Record.Selection), stream);
}
