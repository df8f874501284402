using System.Text.Json.Nodes;

namespace Infermux.Gateway.Tests.Support;

/// <summary>What came back.</summary>
internal sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Trailers)
{
    /// <summary>Reads an answer to its end.</summary>
    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            (int)response.StatusCode,
            body,
            response.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            response.TrailingHeaders.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Content => Json["choices"]![0]!["message"]!["content"]!.GetValue<string>();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Data of each event, <c>[DONE]</c> included.</summary>
    public IReadOnlyList<string> Events => [.. Body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(e => e.Trim()).Where(e => e.StartsWith("data: ", StringComparison.Ordinal)).Select(e => e[6..])];

    public bool EndsCleanly => Events is [.., "[DONE]"];

    public string StreamedText => string.Concat(Events.Where(e => e != "[DONE]")
        .Select(e => JsonNode.Parse(e)!["choices"] is JsonArray { Count: > 0 } choices ? choices[0]!["delta"]?["content"]?.GetValue<string>() : null));
}
