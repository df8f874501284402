using Infermux.Core.Pricing;

namespace Infermux.Core.Routing;

/// <summary>A provider that serves one model, or would if its listing named it.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="TargetModel">The model name sent upstream.</param>
/// <param name="Price">Its price there; null: not known.</param>
/// <param name="OnlyIfListed">Whether it serves the model only where its listing names it.</param>
/// <param name="PriceRefused">Whether <c>pricing.unknown: refuse</c> keeps requests away.</param>
public sealed record RouteCandidate(RoutedProvider Provider, string TargetModel, ModelPrice? Price, bool OnlyIfListed, bool PriceRefused)
{
    // Ranking compares, it does not bill: doubles are enough here.
    internal double InputPerToken { get; } = Price is null ? double.NaN : (double)Price.Input / 1_000_000d;

    internal double OutputPerToken { get; } = Price is null ? double.NaN : (double)Price.Output / 1_000_000d;
}
