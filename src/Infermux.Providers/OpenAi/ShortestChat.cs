using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Providers.Transport;

namespace Infermux.Providers.OpenAi;

/// <summary>The one-token chat request of <c>health_check.method: chat</c>.</summary>
internal static class ShortestChat
{
    /// <summary>The request, or null where the provider names no model to ask.</summary>
    public static HttpRequestMessage? Create(OpenAiEndpoint endpoint, ProviderOptions provider)
    {
        if ((CheckedModel.Of(provider) ?? provider.AzureDeployment) is not { } model)
        {
            return null;
        }

        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("model"u8, model);
            json.WriteNumber(endpoint.CapKey(provider, Operation.ChatCompletions), 1);
            json.WriteStartArray("messages"u8);
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WriteString("content"u8, "hi"u8);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return new HttpRequestMessage(HttpMethod.Post, endpoint.AddressOf(provider, Operation.ChatCompletions)) { Content = content };
    }
}
