using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Requests;

/// <summary>One attempt of a request, as <c>requests/{id}</c> tells it.</summary>
internal sealed class AttemptRecord(int number, Selection selection)
{
    /// <summary>1 for the first.</summary>
    public int Number { get; } = number;

    /// <summary>Which try of the request it was: those that never went out, such as of a dialect that cannot say the request, do not count.</summary>
    public required int Try { get; init; }

    /// <summary>It was given back before anything went out.</summary>
    public bool GivenBack { get; set; }

    /// <summary>Provider, target model, strategy, group, candidates, hold.</summary>
    public Selection Selection { get; } = selection;

    /// <summary>Until first content of a stream, the whole body otherwise; null where it never came.</summary>
    public TimeSpan? Latency { get; set; }

    /// <summary>The provider's HTTP status; null without an answer.</summary>
    public int? Status { get; set; }

    /// <summary>What went wrong; null for an attempt that answered.</summary>
    public ProviderFailure? Failure { get; set; }

    /// <summary>What was counted; null where nothing was billed.</summary>
    public TokenUsage? Usage { get; set; }

    /// <summary>USD.</summary>
    public decimal Cost { get; set; }

    /// <summary>How sure <see cref="Cost"/> is.</summary>
    public SettleMark Mark { get; set; }

    /// <summary>Whether the price table knows the model.</summary>
    public bool Priced { get; set; }
}
