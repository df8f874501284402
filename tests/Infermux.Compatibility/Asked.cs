namespace Infermux.Compatibility;

/// <summary>What every client asks with.</summary>
internal static class Asked
{
    public const string Hello = "hello";

    public const string Tool = "get_weather";

    public const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    /// <summary>The same picture as in <c>tests/compatibility/features.mjs</c>.</summary>
    public const string Picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
}
