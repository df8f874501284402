namespace Infermux.Providers.Pivot;

/// <summary>A base64 data URL taken apart.</summary>
/// <param name="MediaType">In lower case, without parameters.</param>
/// <param name="Base64">The data as it came.</param>
internal readonly record struct DataUrl(string MediaType, string Base64)
{
    /// <summary>Reads <c>data:&lt;type&gt;[;parameters];base64,&lt;data&gt;</c>.</summary>
    public static bool TryRead(string? url, out DataUrl data)
    {
        data = default;
        var comma = url?.IndexOf(',', StringComparison.Ordinal) ?? -1;
        if (comma < 0 || !url!.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var head = url.AsSpan(5, comma - 5);
        if (!head.EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var end = head.IndexOf(';');
        data = new DataUrl(head[..end].ToString().Trim().ToLowerInvariant(), url[(comma + 1)..]);
        return true;
    }
}
