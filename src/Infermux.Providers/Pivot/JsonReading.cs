using System.Text.Json;

namespace Infermux.Providers.Pivot;

/// <summary>Reading members that may be absent, null or of another kind than expected: all of these are "not there".</summary>
internal static class JsonReading
{
    /// <summary>Deep enough for every body that <c>limits.max_json_depth</c> lets in and what a translation wraps around it.</summary>
    public static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1024 };

    /// <summary>The same for a reader.</summary>
    public static readonly JsonReaderOptions DeepReader = new() { MaxDepth = 1024 };

    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static bool IsTrue(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.True };

    public static long? Count(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) && count >= 0 ? count : null;

    /// <summary>A number that can be written again: one too large to be held is the largest.</summary>
    public static double? Number(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Number } value ? Math.Clamp(value.GetDouble(), double.MinValue, double.MaxValue) : null;

    public static IEnumerable<JsonElement> List(this JsonElement element, string name) =>
        element.Find(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];
}
