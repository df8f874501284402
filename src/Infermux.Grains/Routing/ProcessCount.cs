namespace Infermux.Grains.Routing;

/// <summary>Processes of the cluster that were last seen, this one included.</summary>
/// <param name="All">All that watch providers.</param>
/// <param name="Gateways">Those that answer callers.</param>
public sealed record ProcessCount(int All, int Gateways);
