namespace Infermux.Core.Circuits;

/// <summary>The one request that tests a half-open provider.</summary>
/// <param name="Permit">Its result is known by this.</param>
/// <param name="Ends">When the permit lapses; a result from then on changes nothing.</param>
public sealed record Probe(Guid Permit, DateTimeOffset Ends);
