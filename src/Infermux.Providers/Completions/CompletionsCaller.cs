using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Completions;

/// <summary>
/// Callers of the legacy text completions, for providers that have chat only: the prompt is one user message, and what the model says to it is the text. A chat
/// model answers a prompt, it does not go on with it.
/// </summary>
internal sealed class CompletionsCaller : ICallerDialect
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "prompt", "stream", "stream_options", "max_tokens", "n", "best_of", "echo", "suffix", "logprobs",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void WriteChat(InferenceRequest request, AttemptTarget target, bool extended, IBufferWriter<byte> chat, ICollection<string> dropped)
    {
        using var document = request.Parse();
        var root = document.RootElement;
        Refuse(root);
        using var writer = new Utf8JsonWriter(chat, Options);
        writer.WriteStartObject();
        writer.WriteString("model", request.Facts.Model);
        foreach (var name in (ReadOnlySpan<string>)["stream", "stream_options", "max_tokens", "n"])
        {
            Copy(writer, root, name);
        }

        foreach (var member in root.EnumerateObject().Where(static member => !Translated.Contains(member.Name)))
        {
            member.WriteTo(writer); // of one name and meaning in chat, or the target's dialect names it as dropped
        }

        writer.WriteStartArray("messages");
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteString("content", Prompt(root));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        if (root.Number("logprobs") is not null)
        {
            dropped.Add("logprobs");
        }
    }

    /// <inheritdoc/>
    public void WriteAnswer(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> chat, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(chat);
        using var document = JsonDocument.ParseValue(ref reader);
        using var writer = new Utf8JsonWriter(output, Options);
        Write(writer, document.RootElement, "message");
    }

    /// <inheritdoc/>
    public CallerStream CreateStream(InferenceRequest request, AttemptTarget target) => new CompletionsStream();

    /// <summary>Writes an answer or a chunk.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="chat">The chat answer, or the chunk.</param>
    /// <param name="member">What holds the text there.</param>
    internal static void Write(Utf8JsonWriter writer, JsonElement chat, string member)
    {
        writer.WriteStartObject();
        writer.WriteString("id", chat.Text("id") ?? "");
        writer.WriteString("object", "text_completion");
        writer.WriteNumber("created", chat.Count("created") ?? 0);
        writer.WriteString("model", chat.Text("model") ?? "");
        writer.WriteStartArray("choices");
        foreach (var choice in chat.List("choices"))
        {
            writer.WriteStartObject();
            RawText.Write(writer, "text", RawText.Of(choice.Find(member) ?? default, "content"));
            writer.WriteNumber("index", choice.Count("index") ?? 0);
            writer.WriteNull("logprobs");
            writer.WriteString("finish_reason", choice.Text("finish_reason"));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        foreach (var name in (ReadOnlySpan<string>)["usage", "service_tier", "infermux"])
        {
            Copy(writer, chat, name);
        }

        writer.WriteEndObject();
    }

    private static string Prompt(JsonElement root) => root.Find("prompt") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 1 && list[0].ValueKind == JsonValueKind.String => list[0].GetString()!,
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() > 1 && list[0].ValueKind == JsonValueKind.String => throw Refused(
            "prompt", "this provider has chat only, which answers one prompt a request; send them one by one."),
        _ => throw Refused("prompt", "this provider has chat only, which takes a text; token ids mean nothing to it."),
    };

    private static void Refuse(JsonElement root)
    {
        if (root.Text("suffix") is { Length: > 0 })
        {
            throw Refused("suffix", "this provider has chat only, which cannot fill in; leave it out.");
        }

        if (root.IsTrue("echo"))
        {
            throw Refused("echo", "this provider has chat only, which does not repeat the prompt; leave it out.");
        }

        if (root.Number("best_of") > 1)
        {
            throw Refused("best_of", "this provider has chat only, which gives one answer; leave it out.");
        }
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement from, string name)
    {
        if (from.Find(name) is { } value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }

    private static RequestRefusedException Refused(string field, string why) => new($"'{field}': {why}", field, "unsupported");
}
