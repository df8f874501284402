namespace Infermux.Grains.Contracts.Providers;

/// <summary>The directory's answer.</summary>
/// <param name="Directory">The activation that answers.</param>
/// <param name="Version">What to ask with next.</param>
/// <param name="Views">Views that changed since the version asked with; all of them where another activation had answered.</param>
/// <param name="Processes">Processes that asked within the last 3 s; 0 while this activation is too young to know.</param>
/// <param name="Gateways">Those of them that answer callers; 0 as above.</param>
[GenerateSerializer, Immutable, Alias("infermux.view-changes.v1")]
public sealed record ViewChanges(
    [property: Id(0)] Guid Directory,
    [property: Id(1)] long Version,
    [property: Id(2)] IReadOnlyList<ProviderView> Views,
    [property: Id(3)] int Processes,
    [property: Id(4)] int Gateways);
