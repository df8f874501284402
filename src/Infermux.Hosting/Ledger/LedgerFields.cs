using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Infermux.Core.Costs;

namespace Infermux.Hosting.Ledger;

/// <summary>
/// How rows are written as fields of a hash: <c>h</c> or <c>d</c> and the key as a JSON array, so that no name can pass for another; the sums as a JSON array
/// of whole decimals. A value may grow at its end: readers ignore what they do not know.
/// </summary>
internal static class LedgerFields
{
    public const string Version = "v";
    public const string HourPrefix = "h";
    public const string DayPrefix = "d";
    public const string NumberPrefix = "n";

    /// <summary>The day's hours expired once: they are a part only, and its rows by day are the truth.</summary>
    public const string Partial = "x";

    public static byte[] Key(string prefix, CostKey key)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        Encoding.UTF8.GetBytes(prefix, bytes);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartArray();
        json.WriteStringValue(key.Start.UtcDateTime.ToString("yyyy-MM-ddTHH", CultureInfo.InvariantCulture));
        json.WriteStringValue(key.Caller);
        json.WriteStringValue(key.Provider);
        json.WriteStringValue(key.Model);
        json.WriteStringValue(key.Group);
        json.WriteStringValue(key.Project);
        json.WriteStringValue(key.Env);
        json.WriteEndArray();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static CostKey Key(ReadOnlySpan<byte> field)
    {
        var json = new Utf8JsonReader(field[1..]);
        Read(ref json, JsonTokenType.StartArray);
        var start = DateTime.ParseExact(Text(ref json), "yyyy-MM-ddTHH", CultureInfo.InvariantCulture);
        return new CostKey
        {
            Start = new DateTimeOffset(start, TimeSpan.Zero),
            Caller = Text(ref json),
            Provider = Text(ref json),
            Model = Text(ref json),
            Group = Text(ref json),
            Project = Text(ref json),
            Env = Text(ref json),
        };
    }

    public static byte[] Sums(CostSums sums)
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartArray();
        json.WriteNumberValue(sums.Requests);
        json.WriteNumberValue(sums.FailedAttempts);
        json.WriteNumberValue(sums.PromptTokens);
        json.WriteNumberValue(sums.CompletionTokens);
        json.WriteNumberValue(sums.Cost);
        json.WriteNumberValue(sums.EstimatedCost);
        json.WriteNumberValue(sums.UnsettledCost);
        json.WriteEndArray();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    public static CostSums Sums(ReadOnlySpan<byte> value)
    {
        var json = new Utf8JsonReader(value);
        Read(ref json, JsonTokenType.StartArray);
        return new CostSums(Whole(ref json), Whole(ref json), Whole(ref json), Whole(ref json), Money(ref json), Money(ref json), Money(ref json));
    }

    private static void Read(ref Utf8JsonReader json, JsonTokenType expected)
    {
        if (!json.Read() || json.TokenType != expected)
        {
            throw new JsonException($"A ledger row has {json.TokenType} where {expected} belongs.");
        }
    }

    private static string Text(ref Utf8JsonReader json)
    {
        Read(ref json, JsonTokenType.String);
        return json.GetString()!;
    }

    private static long Whole(ref Utf8JsonReader json)
    {
        Read(ref json, JsonTokenType.Number);
        return json.GetInt64();
    }

    private static decimal Money(ref Utf8JsonReader json)
    {
        Read(ref json, JsonTokenType.Number);
        return json.GetDecimal();
    }
}
