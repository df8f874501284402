using System.Text;

namespace Infermux.Providers.Aws;

/// <summary>The parts of one request that its signature covers.</summary>
internal sealed class SignedParts
{
    private readonly string _method;
    private readonly string _path;
    private readonly string _query;
    private readonly string _bodyHash;
    private readonly SortedDictionary<string, string> _headers = new(StringComparer.Ordinal);

    /// <summary>Collects them.</summary>
    /// <param name="method">Such as <c>POST</c>.</param>
    /// <param name="path">As it stands in the request line.</param>
    /// <param name="query">As it stands in the request line, without its question mark.</param>
    /// <param name="headers">The headers that are signed; <c>host</c> and <c>x-amz-date</c> among them.</param>
    /// <param name="bodyHash">Of the exact bytes that are sent.</param>
    public SignedParts(string method, string path, string query, IEnumerable<KeyValuePair<string, string>> headers, string bodyHash)
    {
        (_method, _bodyHash) = (method, bodyHash);
        _path = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        _query = Sorted(query);
        foreach (var (name, value) in headers)
        {
            var key = name.ToLowerInvariant();
            _headers[key] = _headers.TryGetValue(key, out var before) ? $"{before},{Trimmed(value)}" : Trimmed(value);
        }
    }

    /// <summary><c>x-amz-date</c>.</summary>
    public string Date => _headers["x-amz-date"];

    /// <summary>The names of the signed headers.</summary>
    public string HeaderNames => string.Join(';', _headers.Keys);

    /// <summary>The canonical request.</summary>
    public string Canonical()
    {
        var text = new StringBuilder().Append(_method).Append('\n').Append(_path).Append('\n').Append(_query).Append('\n');
        foreach (var (name, value) in _headers)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        return text.Append('\n').Append(HeaderNames).Append('\n').Append(_bodyHash).ToString();
    }

    // Parameters in the order of their bytes, each with its equals sign; their escapes are those of the request line.
    private static string Sorted(string query) => query.Length == 0 ? "" : string.Join('&', query.Split('&')
        .Select(static pair => pair.Contains('=', StringComparison.Ordinal) ? pair : pair + "=")
        .OrderBy(static pair => pair[..pair.IndexOf('=', StringComparison.Ordinal)], StringComparer.Ordinal)
        .ThenBy(static pair => pair, StringComparer.Ordinal));

    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
