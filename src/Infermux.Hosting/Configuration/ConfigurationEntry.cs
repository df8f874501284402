namespace Infermux.Hosting.Configuration;

/// <summary>One value that somebody set, for showing: masked, with its origin.</summary>
/// <param name="Path">The key's path: <c>providers[0].api_key</c>.</param>
/// <param name="Value">As set; <c>***</c> for secrets, which every substituted value is.</param>
/// <param name="Origin"><c>infermux.yml:12</c>, <c>INFERMUX_LISTEN</c> or <c>--listen</c>.</param>
public sealed record ConfigurationEntry(string Path, string Value, string Origin);
