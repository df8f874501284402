using System.Text.RegularExpressions;

namespace Infermux.Core.Pricing;

/// <summary>The forms under which one model's name may stand in the table.</summary>
internal static partial class ModelName
{
    private const string ModelsPrefix = "models/";
    private const string FineTuned = "ft:";
    private const string Arn = "arn:";

    /// <summary>
    /// The most exact form first: as given, without Google's <c>models/</c> or the rest of an AWS resource name, a fine-tuned model's base, without a date or
    /// <c>-latest</c>.
    /// </summary>
    public static IEnumerable<string> Forms(string model)
    {
        var name = model.Trim().ToLowerInvariant();
        yield return name;
        if (name.StartsWith(Arn, StringComparison.Ordinal))
        {
            yield return name = name[(name.LastIndexOf('/') + 1)..];
        }

        if (name.StartsWith(ModelsPrefix, StringComparison.Ordinal))
        {
            yield return name = name[ModelsPrefix.Length..];
        }

        if (name.StartsWith(FineTuned, StringComparison.Ordinal))
        {
            // ft:gpt-4o-2024-08-06:org:name:id; a fine-tuned model has prices of its own, so the base model's never stand in for them.
            yield return string.Join(':', name.Split(':').Take(2));
            yield break;
        }

        if (Snapshot().Replace(name, "") is { Length: > 0 } undated && undated.Length < name.Length)
        {
            yield return undated;
        }
    }

    /// <summary><c>-2024-08-06</c>, <c>-20241022</c>, <c>-latest</c> at the end.</summary>
    [GeneratedRegex("-(?:20[0-9]{2}-[01][0-9]-[0-3][0-9]|20[0-9]{6}|latest)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Snapshot();
}
