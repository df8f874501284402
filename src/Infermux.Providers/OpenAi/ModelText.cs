using System.Globalization;

namespace Infermux.Providers.OpenAi;

/// <summary>What a caller may name a model.</summary>
internal static class ModelText
{
    /// <summary>The rule as a refusal tells it, after the field's name.</summary>
    public const string Rule = "must have 1 to 256 printable characters";

    private const int MaxChars = 256;

    /// <summary>Whether it is a name: neither empty nor endless, and nothing in it that breaks a line, hides or steers a terminal.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxChars && IsPrintable(text);

    private static bool IsPrintable(string text)
    {
        foreach (var c in text)
        {
            if (c is < ' ' or '\u007F' || (c > '\u007F' && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                return false;
            }
        }

        return true;
    }
}
