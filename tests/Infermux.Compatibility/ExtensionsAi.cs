using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Infermux.Compatibility;

/// <summary>Microsoft.Extensions.AI over the OpenAI library.</summary>
internal sealed class ExtensionsAi(IChatClient client) : IClient
{
    private static readonly JsonElement Schema = JsonDocument.Parse(Asked.Schema).RootElement;
    private readonly List<ChatMessage> _conversation = [new(ChatRole.User, Asked.Hello)];

    private static ChatOptions WithTool => new() { Tools = [AIFunctionFactory.CreateDeclaration(Asked.Tool, "The weather", Schema)] };

    public async Task<Said> ChatAsync() => Read(await client.GetResponseAsync(Asked.Hello));

    public async Task<Said> StreamAsync()
    {
        var (text, pieces) = ("", 0);
        await foreach (var update in client.GetStreamingResponseAsync(Asked.Hello))
        {
            (text, pieces) = (text + update.Text, update.Text.Length > 0 ? pieces + 1 : pieces);
        }

        return new() { Text = text, Pieces = pieces };
    }

    public async Task<Said> ToolsAsync(bool stream)
    {
        var answer = stream
            ? await client.GetStreamingResponseAsync(_conversation, WithTool).ToChatResponseAsync()
            : await client.GetResponseAsync(_conversation, WithTool);
        _conversation.AddMessages(answer);
        return new() { Calls = [.. Calls().Select(static call => JsonSerializer.Serialize(call.Arguments))] };
    }

    public async Task<Said> ResultAsync(string result)
    {
        _conversation.Add(new(ChatRole.Tool, [.. Calls().Select(call => new FunctionResultContent(call.CallId, result))]));
        return Read(await client.GetResponseAsync(_conversation, WithTool));
    }

    public async Task<Said> StructuredAsync() =>
        Read(await client.GetResponseAsync(Asked.Hello, new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema, "place") }));

    public async Task<Said> ImageAsync() => Read(await client.GetResponseAsync(new ChatMessage(
        ChatRole.User, [new TextContent("what is it?"), new DataContent(Convert.FromBase64String(Asked.Picture), "image/png")])));

    public Task<Said> ThinkingAsync() => Task.FromResult(new Said { NotOffered = "this client shows no reasoning over chat" });

    public async Task AbortAsync()
    {
        await foreach (var update in client.GetStreamingResponseAsync(Asked.Hello))
        {
            if (update.Text.Length > 0)
            {
                break;
            }
        }
    }

    private List<FunctionCallContent> Calls() => [.. _conversation.SelectMany(static message => message.Contents).OfType<FunctionCallContent>()];

    private static Said Read(ChatResponse answer) => new()
    {
        Text = answer.Text,
        Input = answer.Usage?.InputTokenCount,
        Output = answer.Usage?.OutputTokenCount,
    };
}
