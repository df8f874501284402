using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Infermux.Providers.Anthropic;

/// <summary>
/// Tool call ids in Anthropic's alphabet (<c>[a-zA-Z0-9_-]</c>, 64 at most). An id that fits stays; another is written in base64url, or as its hash where
/// that is too long. Two different ids never become one, and a call's results find it without any memory between requests.
/// </summary>
internal static class ToolIds
{
    private const int MaxLength = 64;
    private const string Encoded = "ifx-b-";
    private const string Hashed = "ifx-h-";
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    /// <summary>The id as it is sent.</summary>
    public static string ToAnthropic(string id)
    {
        if (Fits(id))
        {
            return id;
        }

        var bytes = Encoding.UTF8.GetBytes(id);
        var encoded = Encoded + Base64Url.EncodeToString(bytes);
        return encoded.Length <= MaxLength ? encoded : Hashed + Base64Url.EncodeToString(SHA256.HashData(bytes));
    }

    /// <summary>The caller's id, where it can be read back: every id but a hashed one.</summary>
    public static string FromAnthropic(string id) => id.StartsWith(Encoded, StringComparison.Ordinal) && Base64Url.IsValid(id.AsSpan(Encoded.Length))
        ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(id.AsSpan(Encoded.Length)))
        : id;

    // Ids that look like ours are written anew, or one could be taken for another.
    private static bool Fits(string id) =>
        id.Length is > 0 and <= MaxLength && !id.StartsWith("ifx-", StringComparison.Ordinal) && !id.AsSpan().ContainsAnyExcept(Allowed);
}
