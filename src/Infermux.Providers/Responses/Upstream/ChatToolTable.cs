using System.Globalization;

namespace Infermux.Providers.Responses.Upstream;

/// <summary>
/// What OpenAI's models take on chat completions, by the version in their name (checked live by several projects in 2026): <c>gpt-&lt;major&gt;.&lt;minor&gt;</c>.
/// A version that is newer than every row is read as the strictest.
/// </summary>
internal static class ChatToolTable
{
    private static readonly (int Major, int Minor, string Name, ChatTools Tools)[] NewestFirst =
    [
        (6, 1, "", ChatTools.Refused),
        (6, 0, "astra", ChatTools.Refused),
        (5, 6, "", ChatTools.WithEffortNone),
        (5, 4, "", ChatTools.WithoutEffort),
    ];

    /// <summary>The row of a model; of names without a version, and of other vendors' models, nothing is known and nothing is changed.</summary>
    public static ChatTools Of(string model)
    {
        if (!TryReadVersion(model, out var major, out var minor))
        {
            return ChatTools.Taken;
        }

        foreach (var row in NewestFirst)
        {
            if ((major, minor).CompareTo((row.Major, row.Minor)) >= 0 && model.Contains(row.Name, StringComparison.OrdinalIgnoreCase))
            {
                return row.Tools;
            }
        }

        return ChatTools.Taken;
    }

    private static bool TryReadVersion(string model, out int major, out int minor)
    {
        (major, minor) = (0, 0);
        if (!model.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = model.AsSpan(4);
        var digits = Digits(rest);
        if (digits is 0 or > 2 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out major))
        {
            return false;
        }

        if (digits == 2)
        {
            (major, minor) = (major / 10, major % 10); // Azure writes gpt-35 where OpenAI writes gpt-3.5
            return true;
        }

        rest = rest[digits..];
        if (rest.Length > 1 && rest[0] == '.' && Digits(rest[1..]) is > 0 and <= 2 and var more)
        {
            minor = int.Parse(rest.Slice(1, more), NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return true;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
        {
            count++;
        }

        return count;
    }
}
