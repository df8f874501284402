using System.Text;
using System.Text.Json;

namespace Infermux.Providers.Echo;

/// <summary>One answer of the echo provider. Tokens are counted as the original did: a quarter of the bytes, rounded down, at least one of output.</summary>
internal sealed record EchoAnswer
{
    public const string Lorem =
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. "
        + "Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat.";

    public required string Model { get; init; }

    public required string Text { get; init; }

    /// <summary>The output cap ended the text.</summary>
    public required bool IsCut { get; init; }

    public required bool Chat { get; init; }

    public required bool Stream { get; init; }

    public required bool IncludeUsage { get; init; }

    public required int PromptTokens { get; init; }

    public required long Created { get; init; }

    public bool IsLorem => string.Equals(Model, "lorem", StringComparison.Ordinal);

    public int CompletionTokens => Math.Max(1, Encoding.UTF8.GetByteCount(Text) / 4);

    public static EchoAnswer To(JsonElement body, bool chat, DateTimeOffset now)
    {
        var model = body.TryGetProperty("model", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "echo-v1";
        var said = chat ? Messages(body) : Prompts(body);
        var text = string.Equals(model, "lorem", StringComparison.Ordinal) ? Lorem : $"echo: {said.LastOrDefault() ?? ""}";
        var within = Within(text, Cap(body));
        return new EchoAnswer
        {
            Model = model,
            Text = within,
            IsCut = within.Length < text.Length,
            Chat = chat,
            Stream = body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
            IncludeUsage = body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object
                && options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True,
            PromptTokens = said.Sum(s => Encoding.UTF8.GetByteCount(s) / 4),
            Created = now.ToUnixTimeSeconds(),
        };
    }

    public byte[] Whole() => Write(json =>
    {
        Head(json, Chat ? "chat.completion" : "text_completion");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        if (Chat)
        {
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("content"u8, Text);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("text"u8, Text);
        }

        json.WriteString("finish_reason"u8, IsCut ? "length" : "stop");
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json);
    });

    /// <summary>One chunk: a piece of text, or with null the finish.</summary>
    public byte[] Chunk(string? piece, bool first) => Write(json =>
    {
        Head(json, Chat ? "chat.completion.chunk" : "text_completion");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        if (Chat)
        {
            json.WriteStartObject("delta"u8);
            if (first)
            {
                json.WriteString("role"u8, "assistant"u8);
            }

            if (piece is not null)
            {
                json.WriteString("content"u8, piece);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteString("text"u8, piece ?? "");
        }

        json.WriteString("finish_reason"u8, piece is not null ? null : IsCut ? "length" : "stop");
        json.WriteEndObject();
        json.WriteEndArray();
    });

    public byte[] UsageChunk() => Write(json =>
    {
        Head(json, Chat ? "chat.completion.chunk" : "text_completion");
        json.WriteStartArray("choices"u8);
        json.WriteEndArray();
        Usage(json);
    });

    private void Head(Utf8JsonWriter json, string @object)
    {
        json.WriteString("id"u8, $"echo-{Created}");
        json.WriteString("object"u8, @object);
        json.WriteNumber("created"u8, Created);
        json.WriteString("model"u8, Model);
    }

    private void Usage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, PromptTokens);
        json.WriteNumber("completion_tokens"u8, CompletionTokens);
        json.WriteNumber("total_tokens"u8, PromptTokens + CompletionTokens);
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static long Cap(JsonElement body)
    {
        foreach (var name in (ReadOnlySpan<string>)["max_completion_tokens", "max_tokens"])
        {
            if (body.TryGetProperty(name, out var cap) && cap.ValueKind == JsonValueKind.Number)
            {
                return cap.GetInt64();
            }
        }

        return long.MaxValue;
    }

    /// <summary>The text's beginning of at most <paramref name="tokens"/> tokens of 4 bytes; characters stay whole.</summary>
    private static string Within(string text, long tokens)
    {
        var bytes = 0L;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes / 4 > tokens || tokens == 0)
            {
                return text[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    private static List<string> Messages(JsonElement body)
    {
        var said = new List<string>();
        if (body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            said.AddRange(messages.EnumerateArray()
                .Where(m => m.ValueKind == JsonValueKind.Object && m.TryGetProperty("content", out _))
                .Select(m => PlainText(m.GetProperty("content"))));
        }

        return said;
    }

    private static List<string> Prompts(JsonElement body) => !body.TryGetProperty("prompt", out var prompt) ? []
        : prompt.ValueKind == JsonValueKind.Array ? [.. prompt.EnumerateArray().Select(PlainText)]
        : [PlainText(prompt)];

    /// <summary>A string, or the text parts of a list.</summary>
    private static string PlainText(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray()
            .Where(p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            .Select(p => p.GetProperty("text").GetString())),
        _ => "",
    };
}
