using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Testing;

/// <summary>Asks a scripted provider as a plain client would.</summary>
internal static class Ask
{
    public static HttpRequestMessage Post(string url, string body, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public static HttpRequestMessage Chat(this ScriptedProvider provider, string prompt, string more = "") => Post(
        provider.OpenAiBaseUrl + "/chat/completions",
        $$"""{"model":"m","messages":[{"role":"user","content":{{JsonSerializer.Serialize(prompt)}}}]{{more}}}""");

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;

    public static async Task<List<string>> EventsAsync(this HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static e => e.Split('\n')[^1]).Select(static line => line["data: ".Length..])];
    }

    public static HttpRequestMessage With(this HttpRequestMessage request, string bearer)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return request;
    }
}
