using System.Globalization;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Which values of <c>anthropic-beta</c> go on. A provider that does not know one answers 400, and some change what is billed, so there is a list. A beta that
/// is left out takes the body field that it brings along with it: that field without its beta is a 400 too.
/// </summary>
internal static class BetaList
{
    /// <summary>What goes on where a provider lists nothing: betas of official clients that change neither the price nor who sees the prompt.</summary>
    public static readonly IReadOnlyList<string> Usual =
    [
        "advanced-tool-use", "claude-code", "context-1m", "context-management", "effort", "extended-cache-ttl", "fine-grained-tool-streaming",
        "interleaved-thinking", "oauth", "output-128k", "pdfs", "prompt-caching", "prompt-caching-scope", "redact-thinking", "structured-outputs",
        "task-budgets", "token-counting", "token-efficient-tools", "tool-search-tool",
    ];

    private static readonly (string Beta, string Field)[] Fields =
    [
        ("compact", "context_management"),
        ("context-management", "context_management"),
        ("fast-mode", "speed"),
        ("mcp-client", "mcp_servers"),
        ("server-side-fallback", "fallbacks"),
        ("skills", "container"),
        ("structured-outputs", "output_format"),
    ];

    /// <summary>Whether a beta is on a list: by its whole name, by its name without the date, or because the list has <c>*</c>.</summary>
    public static bool Allows(IReadOnlyList<string> list, string beta) => list.Any(entry =>
        entry is "*" || string.Equals(entry, beta, StringComparison.OrdinalIgnoreCase) || string.Equals(entry, WithoutDate(beta), StringComparison.OrdinalIgnoreCase));

    /// <summary>Top-level fields that one of these betas brings and none of the others does.</summary>
    public static HashSet<string> FieldsOf(IEnumerable<string> left, IReadOnlyList<string> kept) => Fields
        .Where(row => left.Any(beta => Is(row.Beta, beta)))
        .Select(static row => row.Field)
        .Where(field => !Fields.Any(row => string.Equals(row.Field, field, StringComparison.Ordinal) && kept.Any(beta => Is(row.Beta, beta))))
        .ToHashSet(StringComparer.Ordinal);

    private static bool Is(string name, string beta) => string.Equals(name, WithoutDate(beta), StringComparison.OrdinalIgnoreCase);

    // "-2025-05-14"
    private static string WithoutDate(string beta) =>
        beta.Length > 11 && beta[^11] == '-' && char.IsAsciiDigit(beta[^10]) && DateOnly.TryParseExact(beta.AsSpan(beta.Length - 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? beta[..^11]
            : beta;
}
