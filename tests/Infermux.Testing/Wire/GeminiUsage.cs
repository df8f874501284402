namespace Infermux.Testing;

/// <summary>Usage as Gemini counts it: cached tokens inside the prompt, thoughts beside the candidates, zeros left out.</summary>
internal static class GeminiUsage
{
    public static string Json(TokenCount count)
    {
        var cached = count.CacheRead > 0 ? $",\"cachedContentTokenCount\":{count.CacheRead}" : "";
        var said = count.Output > count.Reasoning ? $",\"candidatesTokenCount\":{count.Output - count.Reasoning}" : "";
        var thoughts = count.Reasoning > 0 ? $",\"thoughtsTokenCount\":{count.Reasoning}" : "";
        return $$"""{"promptTokenCount":{{count.Prompt}}{{cached}}{{said}}{{thoughts}},"totalTokenCount":{{count.Prompt + count.Output}}}""";
    }
}
