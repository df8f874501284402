namespace Infermux.Grains.Contracts.Routing;

/// <summary>Money set aside for one attempt.</summary>
/// <param name="Account">Key of the account that holds it; settles go there.</param>
/// <param name="Amount">USD of this attempt's line.</param>
/// <param name="InputAmount">USD of it that the prompt alone costs at most.</param>
/// <param name="OutputCap">Completion tokens it covers: the request must carry this cap, or a smaller one of the caller's.</param>
/// <param name="PeriodEnd">End of the period the operation belongs to; null for <c>total</c>.</param>
[GenerateSerializer, Immutable, Alias("infermux.hold.v1")]
public sealed record Hold(
    [property: Id(0)] string Account,
    [property: Id(1)] decimal Amount,
    [property: Id(2)] decimal InputAmount,
    [property: Id(3)] long OutputCap,
    [property: Id(4)] DateTimeOffset? PeriodEnd);
