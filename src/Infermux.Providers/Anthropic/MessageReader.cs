using System.Buffers;
using System.Text.Json;
using Infermux.Core.Pricing;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>Reads a whole message and hands it on with the caller's model name and marked opaque values; its other bytes stay.</summary>
internal sealed class MessageReader(InferenceRequest request, AttemptTarget target, DateTimeOffset now)
{
    private readonly JsonEdits _edits = new();
    private long _characters;

    /// <summary>Reads and writes; on a failure nothing is written.</summary>
    public WholeAnswer Read(JsonElement root, IBufferWriter<byte> output)
    {
        var json = JsonText.Raw(root);
        if (root.Text("type") is "error")
        {
            return new WholeAnswer { Failure = AnthropicFailures.ReadInAnswer(json, now, null) };
        }

        if (root.Text("type") is not "message" || root.Find("content") is not { ValueKind: JsonValueKind.Array } content)
        {
            return new WholeAnswer { Failure = AnthropicFailures.NotAnAnswer("The answer is JSON, but no Anthropic message.") };
        }

        if (root.Find("model") is { } model)
        {
            _edits.Replace(JsonPlaces.Of(json, model), request.Body.Slice(request.Facts.ModelValue.Start, request.Facts.ModelValue.Length));
        }

        foreach (var block in content.EnumerateArray())
        {
            Take(block, json);
        }

        _edits.Write(json, output);
        return Told(root, content);
    }

    private WholeAnswer Told(JsonElement root, JsonElement content)
    {
        var counts = default(UsageCounts);
        counts.Take(root.Find("usage"));
        var unbilled = root.Text("stop_reason") is "refusal" && content.GetArrayLength() == 0 && !ModelTraitTable.Find(target.Model).BillsEmptyRefusal;
        return new WholeAnswer
        {
            Usage = unbilled && counts.Usage is not null ? new TokenUsage(0) : counts.Usage,
            ServiceTier = ServiceTiers.ToOpenAi(root.Find("usage")?.Text("service_tier")),
            OutputCharacters = _characters,
        };
    }

    private void Take(JsonElement block, ReadOnlySpan<byte> json)
    {
        switch (block.Text("type"))
        {
            case "text":
                _characters += RawText.Length(RawText.Of(block, "text"));
                break;
            case "thinking":
                _characters += RawText.Length(RawText.Of(block, "thinking"));
                Mark(block, "signature", json);
                break;
            case "redacted_thinking":
                Mark(block, "data", json);
                break;
            case "tool_use" or "server_tool_use" when block.Find("input") is { } input:
                _characters += JsonText.Raw(input).Length;
                break;
            default: // blocks of hosted tools, or of a later time
                break;
        }
    }

    private void Mark(JsonElement block, string member, ReadOnlySpan<byte> json)
    {
        if (block.Text(member) is { Length: > 0 } value)
        {
            _edits.Replace(JsonPlaces.Of(json, block.GetProperty(member)), JsonLiteral.Of(OpaqueMark.Add(target, value)));
        }
    }
}
