using Infermux.Core.Pricing;

namespace Infermux.Core.Configuration;

/// <summary>One loaded configuration, immutable; a request keeps the one it started with.</summary>
/// <param name="Options">The checked file.</param>
/// <param name="Prices">The price table with the file's overrides.</param>
/// <param name="Hash">
/// First 12 hex digits of the SHA-256 of the substituted file, without the keys that say where a process is (its listeners, ports, address and folder): processes of
/// one configuration show the same. In <c>/_infermux/status</c> and on every decision.
/// </param>
public sealed record ConfigurationSnapshot(InfermuxOptions Options, PriceTable Prices, string Hash);
