using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// Usage as Converse counts it. Claude and Nova count cached tokens beside the input; some other models were reported to count them inside. The total tells:
/// where it is input and output alone although tokens were cached, they are inside.
/// </summary>
internal static class ConverseUsage
{
    private const long Most = 1_000_000_000;

    /// <summary>Reads <c>usage</c>; null where it holds no count.</summary>
    public static TokenUsage? Read(JsonElement? usage)
    {
        if (usage is not { ValueKind: JsonValueKind.Object } reported
            || (reported.Count("inputTokens") ?? reported.Count("outputTokens") ?? reported.Count("totalTokens")) is null)
        {
            return null;
        }

        var (input, output) = (Count(reported, "inputTokens"), Count(reported, "outputTokens"));
        var read = Math.Max(Count(reported, "cacheReadInputTokens"), Count(reported, "cacheReadInputTokenCount"));
        var written = Math.Max(Count(reported, "cacheWriteInputTokens"), Count(reported, "cacheWriteInputTokenCount"));
        var oneHour = Math.Min(OneHour(reported), written);
        if (reported.Count("totalTokens") == input + output && read + written > 0)
        {
            read = Math.Min(read, input);
            written = Math.Min(written, input - read);
            oneHour = Math.Min(oneHour, written);
            input -= read + written;
        }

        return new TokenUsage(input, read, written - oneHour, oneHour, output);
    }

    private static long OneHour(JsonElement usage) =>
        usage.List("cacheDetails").Where(static detail => detail.Text("ttl") is "1h").Sum(static detail => Count(detail, "inputTokens"));

    private static long Count(JsonElement element, string name) => Math.Min(element.Count(name) ?? 0, Most);
}
