using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Serialization;
using Anthropic;
using Anthropic.Exceptions;
using Azure.AI.OpenAI;
using Infermux.Compatibility;
using Microsoft.Extensions.AI;
using OpenAI;

// Infermux.Compatibility BASE_URL: reads a question a line, writes an answer a line.
var baseUrl = args[0];
var root = new Uri(baseUrl[..^"/v1".Length]);
var key = new ApiKeyCredential("any-key");
var once = new ClientRetryPolicy(maxRetries: 0);
var openAi = new OpenAIClient(key, new OpenAIClientOptions { Endpoint = new Uri(baseUrl), RetryPolicy = once });
var azure = new AzureOpenAIClient(root, key, new AzureOpenAIClientOptions { RetryPolicy = once });
var clients = new Dictionary<string, Func<string, IClient>>(StringComparer.Ordinal)
{
    ["OpenAI .NET"] = model => new OpenAiChat(openAi.GetChatClient(model)),
    ["Azure.AI.OpenAI"] = model => new OpenAiChat(azure.GetChatClient(model)),
    ["Microsoft.Extensions.AI"] = model => new ExtensionsAi(openAi.GetChatClient(model).AsIChatClient()),
    ["Anthropic .NET"] = model => new AnthropicMessages(new AnthropicClient { ApiKey = "any-key", BaseUrl = root.ToString().TrimEnd('/'), MaxRetries = 0 }, model),
};
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
IClient? kept = null; // between a call and its result

while (await Console.In.ReadLineAsync() is { } line)
{
    var question = JsonSerializer.Deserialize<Question>(line, json)!;
    Said said;
    try
    {
        said = await AnswerAsync(question);
    }
    catch (Exception failed)
    {
        said = question.Ask == "error" ? new() { Status = StatusOf(failed), Message = failed.Message } : new() { Failed = failed.Message };
    }

    Console.WriteLine(JsonSerializer.Serialize(said, json));
}

return 0;

async Task<Said> AnswerAsync(Question question)
{
    if (question.Ask == "clients")
    {
        return new() { Clients = [.. clients.Keys] };
    }

    var client = kept = question.Ask == "result" ? kept! : clients[question.Client!](question.Model!);
    switch (question.Ask)
    {
        case "chat": return await client.ChatAsync();
        case "stream": return await client.StreamAsync();
        case "tools": return await client.ToolsAsync(question.Stream);
        case "result": return await client.ResultAsync(question.Result!);
        case "structured": return await client.StructuredAsync();
        case "image": return await client.ImageAsync();
        case "thinking": return await client.ThinkingAsync();
        case "abort": await client.AbortAsync(); return new();
        case "error": return await client.ChatAsync() with { Message = "it answered" };
        default: throw new InvalidOperationException($"Nobody knows how to ask for '{question.Ask}'.");
    }
}

static int? StatusOf(Exception failed) => failed switch
{
    ClientResultException openAi => openAi.Status,
    AnthropicApiException anthropic => (int)anthropic.StatusCode,
    _ => null,
};
