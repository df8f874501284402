using Infermux.Providers;

namespace Infermux.Gateway.Inference.Inbound;

/// <summary>What only callers of Anthropic's dialect send.</summary>
internal static class AnthropicInbound
{
    private const int MostBetas = 64;

    /// <summary>Whether a path is of Anthropic's dialect.</summary>
    public static bool Is(Operation operation) => operation is Operation.Messages or Operation.CountTokens;

    /// <summary>Its headers. A beta that is no name is left out here: it goes into headers again.</summary>
    public static AnthropicHeaders Headers(HttpRequest request)
    {
        var version = request.Headers["anthropic-version"].ToString();
        var betas = request.Headers["anthropic-beta"]
            .SelectMany(static value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(IsName).Distinct(StringComparer.Ordinal).Take(MostBetas);
        return new AnthropicHeaders(
            IsName(version) ? version : null, [.. betas], string.Equals(request.Query["beta"], "true", StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 128 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
