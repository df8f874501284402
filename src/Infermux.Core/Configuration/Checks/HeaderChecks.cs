namespace Infermux.Core.Configuration.Checks;

/// <summary>Extra upstream headers are well formed and are not the transport's own.</summary>
internal static class HeaderChecks
{
    private static readonly string[] Reserved =
        ["Connection", "Content-Length", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade"];

    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options) =>
        options.Providers.SelectMany((provider, i) => provider.Headers.SelectMany(header => Of($"providers[{i}].headers.{header.Key}", header.Key, header.Value)));

    private static IEnumerable<ConfigProblem> Of(string path, string name, string value)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            yield return new(path, $"'{name}' is not a header name.", "Use letters, digits and hyphens.");
        }
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            yield return new(path, $"'{name}' belongs to the connection and is set by the transport.", "Remove it.");
        }
        if (value.Any(c => c is < ' ' and not '\t' or > '~'))
        {
            yield return new(path, "its value holds a line break or a character outside printable ASCII.", "Remove it.");
        }
    }
}
