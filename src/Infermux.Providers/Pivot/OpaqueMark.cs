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
    /// <param name="provider">The name of its maker; null where there is no mark, or one that cannot be read.</param>
    /// <returns>Whether there is a mark.</returns>
    public static bool Newest(ReadOnlySpan<byte> body, out string? provider)
    {
        provider = null;
        var at = body.LastIndexOf("\"imx1."u8);
        if (at < 0)
        {
            return false;
        }

        var name = body[(at + Prefix.Length + 1)..];
        var end = name.IndexOfAny((byte)'.', (byte)'"');
        if (end > 0 && end <= LongestName && name[end] == (byte)'.')
        {
            provider = Uri.UnescapeDataString(Encoding.UTF8.GetString(name[..end]));
        }

        return true;
    }

    private static string Encode(string name) => Uri.EscapeDataString(name).Replace(".", "%2E", StringComparison.Ordinal);
}
