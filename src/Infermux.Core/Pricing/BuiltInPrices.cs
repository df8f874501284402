using System.Collections.Frozen;

namespace Infermux.Core.Pricing;

/// <summary>The built-in price table, read from the assembly on first use; a model's prices are parsed when somebody asks for them.</summary>
internal sealed class BuiltInPrices
{
    private const string Resource = "Infermux.Core.prices.tsv";
    private const char Comment = '#';
    private const string DateLine = "@";
    private static readonly Lazy<BuiltInPrices> Loaded = new(Load);
    private readonly FrozenDictionary<string, FrozenDictionary<string, string[]>> _vendors;

    private BuiltInPrices(string asOf, FrozenDictionary<string, FrozenDictionary<string, string[]>> vendors) => (AsOf, _vendors) = (asOf, vendors);

    public static BuiltInPrices Instance => Loaded.Value;

    /// <summary>The day the numbers were gathered, <c>2026-11-20</c>.</summary>
    public string AsOf { get; }

    /// <summary>Every vendor of the table.</summary>
    public IReadOnlyList<string> Vendors => [.. _vendors.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The names a vendor's models have in the table, sorted; empty for a vendor it does not know.</summary>
    public IReadOnlyList<string> Models(string vendor) =>
        _vendors.TryGetValue(vendor, out var models) ? [.. models.Keys.Order(StringComparer.Ordinal)] : [];

    /// <summary>A vendor's price for a model; null where the table has none under any form of the name.</summary>
    public ModelPrice? Find(string vendor, string model)
    {
        if (!_vendors.TryGetValue(vendor, out var models))
        {
            return null;
        }

        foreach (var name in ModelName.Forms(model))
        {
            if (models.TryGetValue(name, out var fields))
            {
                return PriceRow.Parse(fields[2], fields[3], fields[4]);
            }
        }

        return null;
    }

    /// <summary>Reads the table anew; <see cref="Instance"/> is for everybody but its test.</summary>
    internal static BuiltInPrices Load()
    {
        using var stream = typeof(BuiltInPrices).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly was built without {Resource}.");
        using var reader = new StreamReader(stream);
        var asOf = "";
        var vendors = new Dictionary<string, Dictionary<string, string[]>>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split('\t');
            if (line.StartsWith(Comment))
            {
                continue;
            }

            if (string.Equals(fields[0], DateLine, StringComparison.Ordinal))
            {
                asOf = fields[1];
                continue;
            }

            if (!vendors.TryGetValue(fields[0], out var models))
            {
                vendors[fields[0]] = models = new(StringComparer.Ordinal);
            }

            models[fields[1]] = fields;
        }

        return new(asOf, vendors.ToFrozenDictionary(v => v.Key, v => v.Value.ToFrozenDictionary(StringComparer.Ordinal), StringComparer.Ordinal));
    }
}
