namespace Infermux.Providers.Responses.Upstream;

/// <summary>How a chat request goes out to one target.</summary>
/// <param name="Target">The target it was decided for.</param>
/// <param name="ByResponses">Whether as a Responses request.</param>
internal sealed record UpstreamForm(AttemptTarget Target, bool ByResponses);
