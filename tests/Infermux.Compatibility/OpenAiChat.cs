using OpenAI.Chat;

namespace Infermux.Compatibility;

/// <summary>The chat client of the OpenAI library, also as Azure's library makes it.</summary>
internal sealed class OpenAiChat(ChatClient client) : IClient
{
    private readonly List<ChatMessage> _conversation = [new UserChatMessage(Asked.Hello)];

    private static ChatCompletionOptions WithTool =>
        new() { Tools = { ChatTool.CreateFunctionTool(Asked.Tool, "The weather", BinaryData.FromString(Asked.Schema)) } };

    public async Task<Said> ChatAsync() => Read(await client.CompleteChatAsync([new UserChatMessage(Asked.Hello)]));

    public async Task<Said> StreamAsync()
    {
        var (text, pieces) = ("", 0);
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage(Asked.Hello)]))
        {
            var piece = string.Concat(update.ContentUpdate.Select(static part => part.Text));
            (text, pieces) = (text + piece, piece.Length > 0 ? pieces + 1 : pieces);
        }

        return new() { Text = text, Pieces = pieces };
    }

    public async Task<Said> ToolsAsync(bool stream)
    {
        if (!stream)
        {
            ChatCompletion answer = await client.CompleteChatAsync(_conversation, WithTool);
            _conversation.Add(new AssistantChatMessage(answer));
            return new() { Calls = [.. answer.ToolCalls.Select(static call => call.FunctionArguments.ToString())] };
        }

        var calls = new SortedDictionary<int, (string Id, string Name, string Arguments)>();
        await foreach (var update in client.CompleteChatStreamingAsync(_conversation, WithTool))
        {
            foreach (var piece in update.ToolCallUpdates)
            {
                var known = calls.GetValueOrDefault(piece.Index, ("", "", ""));
                calls[piece.Index] = (piece.ToolCallId ?? known.Item1, piece.FunctionName ?? known.Item2, known.Item3 + piece.FunctionArgumentsUpdate);
            }
        }

        _conversation.Add(new AssistantChatMessage(
            calls.Values.Select(static call => ChatToolCall.CreateFunctionToolCall(call.Id, call.Name, BinaryData.FromString(call.Arguments)))));
        return new() { Calls = [.. calls.Values.Select(static call => call.Arguments)] };
    }

    public async Task<Said> ResultAsync(string result)
    {
        foreach (var call in ((AssistantChatMessage)_conversation[^1]).ToolCalls.ToList())
        {
            _conversation.Add(new ToolChatMessage(call.Id, result));
        }

        return Read(await client.CompleteChatAsync(_conversation, WithTool));
    }

    public async Task<Said> StructuredAsync() => Read(await client.CompleteChatAsync(
        [new UserChatMessage(Asked.Hello)],
        new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("place", BinaryData.FromString(Asked.Schema), jsonSchemaIsStrict: true) }));

    public async Task<Said> ImageAsync() => Read(await client.CompleteChatAsync([new UserChatMessage(
        ChatMessageContentPart.CreateTextPart("what is it?"),
        ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(Convert.FromBase64String(Asked.Picture)), "image/png"))]));

    public Task<Said> ThinkingAsync() => Task.FromResult(new Said { NotOffered = "this client shows no reasoning over chat" });

    public async Task AbortAsync()
    {
        using var leaving = new CancellationTokenSource();
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage(Asked.Hello)], cancellationToken: leaving.Token))
        {
            if (update.ContentUpdate.Count > 0)
            {
                break; // leaving the enumeration closes the response
            }
        }

        await leaving.CancelAsync();
    }

    private static Said Read(ChatCompletion answer) => new()
    {
        Text = string.Concat(answer.Content.Select(static part => part.Text)),
        Input = answer.Usage?.InputTokenCount,
        Output = answer.Usage?.OutputTokenCount,
    };
}
