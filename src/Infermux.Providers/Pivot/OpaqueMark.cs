using System.Text;

namespace Infermux.Providers.Pivot;

/// <summary>
/// The maker's mark on an opaque value (a signature, an encrypted item): <c>imx1.&lt;provider&gt;.&lt;model&gt;.&lt;value&gt;</c>. Such a value means
/// something to the provider and model that made it and is an error to every other.
/// </summary>
public static class OpaqueMark
{
    /// <summary>What every marked value begins with.</summary>
    public const string Prefix = "imx1.";

    private const int LongestName = 9 * 128; // percent-encoded; a provider's name has at most 128 characters

    /// <summary>Marks a value on its way to the caller.</summary>
    public static string Add(AttemptTarget maker, string value) => $"{Prefix}{Encode(maker.Provider.Name)}.{Encode(maker.Model)}.{value}";

    /// <summary>The value as its maker knows it; null where it is another's, or has no mark.</summary>
    public static string? Take(AttemptTarget target, string? marked)
    {
        return TryRead(marked, out var provider, out var model, out var value)
            && string.Equals(provider, target.Provider.Name, StringComparison.Ordinal)
            && string.Equals(model, target.Model, StringComparison.Ordinal) ? value : null;
    }

    /// <summary>Reads a mark; false where the value has none.</summary>
    /// <param name="marked">The value as the caller sent it.</param>
    /// <param name="provider">The name of the provider that made it.</param>
    /// <param name="model">The upstream model that made it.</param>
    /// <param name="value">The value as its maker knows it.</param>
    public static bool TryRead(string? marked, out string provider, out string model, out string value)
    {
        (provider, model, value) = ("", "", "");
        if (marked is null || !marked.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = marked.Split('.', 4);
        if (parts.Length < 4)
        {
            return false;
        }

        (provider, model, value) = (Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[2]), parts[3]);
        return true;
    }

    /// <summary>Finds the newest marked value of a request: the last one, since a conversation is told in its order.</summary>
    /// <param name="body">The request's JSON.</param>
    /// <param name="provider">The name of its maker; null where there is no marked value, or none that can be read.</param>
    /// <returns>Whether there is a mark at all, before a value or before nothing.</returns>
    public static bool Newest(ReadOnlySpan<byte> body, out string? provider)
    {
        provider = null;
        var any = false;
        for (var at = body.LastIndexOf("\"imx1."u8); at >= 0; at = body[..at].LastIndexOf("\"imx1."u8))
        {
            any = true;
            if (MakerOf(body[(at + Prefix.Length + 1)..]) is { } maker)
            {
                provider = maker;
                break;
            }
        }

        return any;
    }

    /// <summary>The maker of a value that says something; a mark before nothing only tells who thought aloud, and nobody needs it back.</summary>
    private static string? MakerOf(ReadOnlySpan<byte> marked)
    {
        var end = marked.IndexOfAny((byte)'.', (byte)'"');
        if (end is <= 0 or > LongestName || marked[end] != (byte)'.')
        {
            return null;
        }

        var model = marked[(end + 1)..];
        var value = model.IndexOfAny((byte)'.', (byte)'"');
        return value >= 0 && model[value] == (byte)'.' && value + 1 < model.Length && model[value + 1] != (byte)'"'
            ? Uri.UnescapeDataString(Encoding.UTF8.GetString(marked[..end]))
            : null;
    }

    private static string Encode(string name) => Uri.EscapeDataString(name).Replace(".", "%2E", StringComparison.Ordinal);
}
