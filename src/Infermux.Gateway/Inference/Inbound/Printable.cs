namespace Infermux.Gateway.Inference.Inbound;

/// <summary>Checks and cleans text that comes from a client and is echoed in a header, a log line or a message.</summary>
internal static class Printable
{
    /// <summary>1 to 128 printable ASCII characters: what a caller, project, env or request id may be.</summary>
    public static bool IsName(string text) => text.Length is >= 1 and <= 128 && text.All(c => c is >= ' ' and <= '~');

    /// <summary>At most 200 characters, everything else than printable ASCII replaced by <c>?</c>.</summary>
    public static string Of(string text)
    {
        var shown = text.Length > 200 ? text[..200] : text;
        return shown.All(c => c is >= ' ' and <= '~') ? shown : string.Concat(shown.Select(c => c is >= ' ' and <= '~' ? c : '?'));
    }
}
