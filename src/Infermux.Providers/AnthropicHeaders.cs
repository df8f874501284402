namespace Infermux.Providers;

/// <summary>Anthropic's own headers on a request of its dialect. They go on to providers of type <c>anthropic</c> and to nobody else.</summary>
/// <param name="Version"><c>anthropic-version</c>; null: not sent.</param>
/// <param name="Betas">The values of <c>anthropic-beta</c>, one each, in their order.</param>
/// <param name="BetaPath">Whether the path carried <c>?beta=true</c>, as SDKs send it for beta fields.</param>
public sealed record AnthropicHeaders(string? Version, IReadOnlyList<string> Betas, bool BetaPath);
