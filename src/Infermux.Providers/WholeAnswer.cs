using Infermux.Core.Failures;
using Infermux.Core.Pricing;

namespace Infermux.Providers;

/// <summary>What a whole answer says besides its text.</summary>
public record WholeAnswer
{
    /// <summary>Set when the answer is none; the rest is then empty.</summary>
    public ProviderFailure? Failure { get; init; }

    /// <summary>What the provider says it counted; null where it said nothing. An explicit zero is a number.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>The tier the reply names, which is the one billed.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Images, seconds, characters or searches that the answer shows or tells; null where it does not say, and for chat.</summary>
    public virtual decimal? Units => null;

    /// <summary>Whether the answer is no JSON and goes on with the content type it came with.</summary>
    public virtual bool KeepsType => false;

    /// <summary>Characters of output, reasoning and tool arguments included, for an estimate.</summary>
    public long OutputCharacters { get; init; }
}
