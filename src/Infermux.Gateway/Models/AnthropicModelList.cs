namespace Infermux.Gateway.Models;

/// <summary>The body of a listing in Anthropic's shape.</summary>
internal sealed record AnthropicModelList(IReadOnlyList<AnthropicModel> Data, bool HasMore, string? FirstId, string? LastId);
