using System.Globalization;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Configuration.Binding;

/// <summary>Reads one scalar's text as the type of its key.</summary>
internal static class ScalarReader
{
    private static readonly string[] True = ["true", "True", "TRUE", "yes", "on"];
    private static readonly string[] False = ["false", "False", "FALSE", "no", "off"];

    /// <summary>The value; or a null value and what was wrong with the text (which the caller shows or masks) and the mend.</summary>
    public static (object? Value, string Problem, string Mend) Read(Type type, bool isByteSize, string text)
    {
        if (type == typeof(string)) { return (text, "", ""); }
        if (type.IsEnum) { return Word(type, text); }
        if (isByteSize) { return Size(type, text); }
        if (type == typeof(TimeSpan)) { return Duration.TryParse(text, out var d) ? (d, "", "") : DurationMend(text); }
        if (type == typeof(bool)) { return Bool(text); }
        if (type == typeof(int)) { return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? (i, "", "") : (null, "is not a whole number.", "Write digits only, such as 60."); }
        if (type == typeof(double)) { return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var f) && double.IsFinite(f) ? (f, "", "") : (null, "is not a number.", "Write one such as 0.5."); }
        if (type == typeof(decimal)) { return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var m) ? (m, "", "") : (null, "is not an amount.", "Write a plain decimal number such as 12.50, without a currency sign."); }
        throw new NotSupportedException($"No scalar of the file has the type {type}.");
    }

    private static (object? Value, string Problem, string Mend) Word(Type type, string text)
    {
        if (ConfigWords.NotBuilt(type, text) is { } notBuilt) { return (null, "is known but not built yet.", notBuilt.Instead); }
        if (ConfigWords.Read(type, text) is { } value) { return (value, "", ""); }
        var words = ConfigWords.All(type);
        var near = NearName.Of(text, words) is { } name ? $"Did you mean '{name}'? " : "";
        return (null, "is not one of the values of this key.", $"{near}Use one of: {string.Join(", ", words)}.");
    }

    private static (object? Value, string Problem, string Mend) Size(Type type, string text)
    {
        if (!ByteSize.TryParse(text, out var bytes)) { return (null, "is not a size.", "Write a number and a unit, such as 32MiB, 64KiB or 1GiB."); }
        if (type == typeof(int)) { return bytes <= int.MaxValue ? ((int)bytes, "", "") : (null, "is too large.", "Write less than 2GiB."); }
        return (bytes, "", "");
    }

    private static (object? Value, string Problem, string Mend) DurationMend(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? (null, "is a duration without a unit.", $"Write the unit too, such as {text}s.")
            : (null, "is not a duration.", "Write a number and a unit, such as 250ms, 60s, 5m or 1h30m.");

    private static (object? Value, string Problem, string Mend) Bool(string text) =>
        True.Contains(text, StringComparer.Ordinal) ? (true, "", "") : False.Contains(text, StringComparer.Ordinal) ? (false, "", "") : (null, "is neither true nor false.", "Write true or false.");
}
