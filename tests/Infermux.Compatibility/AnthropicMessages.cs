using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;

namespace Infermux.Compatibility;

/// <summary>Anthropic's own library.</summary>
internal sealed class AnthropicMessages(AnthropicClient client, string model) : IClient
{
    private readonly List<MessageParam> _conversation = [new UserMessageParam(Asked.Hello)];
    private IReadOnlyList<ToolUseBlock> _calls = [];

    private static readonly Dictionary<string, JsonElement> Schema = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Asked.Schema)!;

    private MessageCreateParams Hello => new() { Model = model, MaxTokens = 4000, Messages = [new UserMessageParam(Asked.Hello)] };

    private MessageCreateParams WithTool => Hello with
    {
        Messages = _conversation,
        Tools = [new Tool { Name = Asked.Tool, Description = "The weather", InputSchema = InputSchema.FromRawUnchecked(Schema) }],
    };

    public async Task<Said> ChatAsync() => Read(await client.Messages.Create(Hello));

    public async Task<Said> StreamAsync()
    {
        var (text, pieces) = ("", 0);
        await foreach (var e in client.Messages.CreateStreaming(Hello))
        {
            if (e.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                (text, pieces) = (text + piece.Text, pieces + 1);
            }
        }

        return new() { Text = text, Pieces = pieces };
    }

    public async Task<Said> ToolsAsync(bool stream)
    {
        var answer = stream ? await client.Messages.CreateStreaming(WithTool).Aggregate() : await client.Messages.Create(WithTool);
        _calls = [.. answer.Content.Select(static block => block.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>()];
        _conversation.Add(AssistantMessageParam.FromRawUnchecked(new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["role"] = JsonSerializer.SerializeToElement("assistant"),
            ["content"] = JsonSerializer.SerializeToElement(answer.Content),
        }));
        return new() { Calls = [.. _calls.Select(static call => JsonSerializer.Serialize(call.Input))] };
    }

    public async Task<Said> ResultAsync(string result)
    {
        _conversation.Add(new UserMessageParam(
            new List<ContentBlockParam>(_calls.Select(call => (ContentBlockParam)new ToolResultBlockParam { ToolUseID = call.ID, Content = result }))));
        return Read(await client.Messages.Create(WithTool));
    }

    public async Task<Said> StructuredAsync() => Read(await client.Messages.Create(Hello with { OutputConfig = new() { Format = new JsonOutputFormat { Schema = Schema } } }));

    public async Task<Said> ImageAsync() => Read(await client.Messages.Create(Hello with
    {
        Messages = [new UserMessageParam(new List<ContentBlockParam>
        {
            new ImageBlockParam { Source = new Base64ImageSource { Data = Asked.Picture, MediaType = MediaType.ImagePng } },
            new TextBlockParam { Text = "what is it?" },
        })],
    }));

    public async Task<Said> ThinkingAsync() =>
        Read(await client.Messages.Create(Hello with { Thinking = new ThinkingConfigEnabled { BudgetTokens = 1024 } }));

    public async Task AbortAsync()
    {
        await foreach (var e in client.Messages.CreateStreaming(Hello))
        {
            if (e.TryPickContentBlockDelta(out _))
            {
                break;
            }
        }
    }

    private static Said Read(Message answer) => new()
    {
        Text = string.Concat(answer.Content.Select(static block => block.TryPickText(out var text) ? text.Text : "")),
        Thought = string.Concat(answer.Content.Select(static block => block.TryPickThinking(out var thinking) ? thinking.Thinking : "")),
        Input = answer.Usage.InputTokens,
        Output = answer.Usage.OutputTokens,
    };
}
