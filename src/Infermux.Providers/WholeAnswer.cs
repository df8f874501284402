using Infermux.Core.Failures;
using Infermux.Core.Pricing;

namespace Infermux.Providers;

/// <summary>What a whole answer says besides its text.</summary>
public sealed record WholeAnswer
{
    /// <summary>Set when the answer is none; the rest is then empty.</summary>
    public ProviderFailure? Failure { get; init; }

    /// <summary>What the provider says it counted; null where it said nothing. An explicit zero is a number.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The tier the reply names, which is the one billed.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Characters of output, reasoning and tool arguments included, for an estimate.</summary>
    public long OutputCharacters { get; init; }
}
