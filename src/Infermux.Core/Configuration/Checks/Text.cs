namespace Infermux.Core.Configuration.Checks;

/// <summary>Phrases that several rules share.</summary>
internal static class Text
{
    /// <summary>"Did you mean 'x'?" where a name is near, else the list of all of them.</summary>
    internal static string MeanOrOneOf(string typed, IReadOnlyCollection<string> known, string otherwise) =>
        Keys.NearName.Of(typed, known) is { } near ? $"Did you mean '{near}'?"
        : known.Count == 0 ? otherwise
        : $"{otherwise} Or use one of: {string.Join(", ", known.Order(StringComparer.Ordinal))}.";

    /// <summary>Whether a name can travel in a header: 1 to 128 printable ASCII characters.</summary>
    internal static bool IsHeaderText(string name) => name.Length is >= 1 and <= 128 && name.All(c => c is >= ' ' and <= '~') && name.Trim().Length == name.Length;
}
