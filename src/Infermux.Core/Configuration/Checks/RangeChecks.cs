using System.Collections;
using System.Globalization;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Every number, duration and size lies within the range on its property.</summary>
internal static class RangeChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var all = Of(options, "").ToList();
        // A provider without a circuit setting of its own repeats the global one, and so would its problem.
        var global = all.Where(p => p.Path.StartsWith("circuit_breaker.", StringComparison.Ordinal)).ToList();
        return all.Where(p => !global.Exists(g => !ReferenceEquals(g, p) && p.Path.EndsWith($"].{g.Path}", StringComparison.Ordinal) && string.Equals(g.Problem, p.Problem, StringComparison.Ordinal)));
    }

    private static IEnumerable<ConfigProblem> Of(object record, string path) =>
        ConfigKeys.Of(record.GetType()).SelectMany(key => Of(key, key.Property.GetValue(record), path));

    private static IEnumerable<ConfigProblem> Of(ConfigKey key, object? value, string parent)
    {
        if (value is null) { return []; }
        var path = key.TakesRest ? parent : parent.Length == 0 ? key.Name : $"{parent}.{key.Name}";
        return key.Range is { } range ? OutOf(range, key, value, path) : Inside(value, path);
    }

    private static IEnumerable<ConfigProblem> Inside(object value, string path) => value switch
    {
        string => [],
        IDictionary map => map.Keys.Cast<string>().SelectMany(name => map[name] is { } inner ? Inside(inner, $"{path}.{name}") : []),
        IEnumerable list => list.Cast<object>().SelectMany((item, i) => Inside(item, $"{path}[{i}]")),
        _ when ConfigKeys.IsRecord(value.GetType()) => Of(value, path),
        _ => [],
    };

    private static IEnumerable<ConfigProblem> OutOf(BetweenAttribute range, ConfigKey key, object value, string path)
    {
        var number = Number(value);
        if (number >= Read(range.Least, value) && (range.Most is null || number <= Read(range.Most, value))) { return []; }
        return [new(path, $"{Written(value, key)} is out of range.", $"It must be {range.InWords}.")];
    }

    private static decimal Number(object value) => value switch
    {
        TimeSpan duration => duration.Ticks,
        double number => double.IsFinite(number) && Math.Abs(number) < 1e27 ? (decimal)number : decimal.MinValue,
        _ => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
    };

    private static decimal Read(string text, object like) =>
        like is TimeSpan ? (Duration.TryParse(text, out var duration) ? duration.Ticks : throw new FormatException(text))
        : ByteSize.TryParse(text, out var bytes) ? bytes
        : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Written(object value, ConfigKey key) => value switch
    {
        TimeSpan duration when duration >= TimeSpan.Zero => Duration.Write(duration),
        long bytes when key.IsByteSize && bytes >= 0 => ByteSize.Write(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
