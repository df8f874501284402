namespace Infermux.Providers.Messages;

/// <summary>Words of a caller that are repeated in a header.</summary>
internal static class Names
{
    /// <summary>Whether it is made of letters, digits, dots, dashes and underscores, at most 64 of them.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 64 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
