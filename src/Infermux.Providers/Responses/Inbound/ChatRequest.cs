using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Responses.Inbound;

/// <summary>Writes a Responses request as a chat request.</summary>
internal sealed class ChatRequest
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly FrozenSet<string> Translated = new HashSet<string>(StringComparer.Ordinal)
    {
        "model", "input", "instructions", "max_output_tokens", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "temperature", "top_p", "store",
        "stream", "stream_options", "include", "truncation", "metadata", "service_tier", "safety_identifier", "user", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "previous_response_id", "conversation", "background", "prompt", "top_logprobs", "client_metadata",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Fields that chat has by the same name, and that only OpenAI is sure to know.
    private static readonly string[] ServiceHints =
        ["metadata", "service_tier", "safety_identifier", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention"];

    private readonly JsonElement _request;
    private readonly RequestFacts _facts;
    private readonly AttemptTarget _target;
    private readonly bool _extended;
    private readonly bool _openAisOwn;
    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);

    private ChatRequest(JsonElement request, RequestFacts facts, AttemptTarget target, bool extended)
    {
        (_request, _facts, _target, _extended) = (request, facts, target, extended);
        _openAisOwn = ResponsesSupport.IsOpenAisOwn(target.Provider);
    }

    /// <summary>Writes it.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="facts">What was found in it.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="extended">Whether the pivot's extensions may be used.</param>
    /// <param name="output">Takes the body.</param>
    /// <param name="dropped">Takes the names of fields that were left out or weakened.</param>
    public static void Write(
        JsonElement request, RequestFacts facts, AttemptTarget target, bool extended, IBufferWriter<byte> output, ICollection<string> dropped)
    {
        var chat = new ChatRequest(request, facts, target, extended);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            chat.Write(writer);
        }

        foreach (var name in chat._dropped)
        {
            dropped.Add(name);
        }
    }

    private void Write(Utf8JsonWriter writer)
    {
        UntranslatedFields.Drop(_request, Translated, _dropped);
        NoteDropped();
        writer.WriteStartObject();
        writer.WriteString("model", _facts.Model);
        if (_facts.Stream)
        {
            writer.WriteBoolean("stream", true);
        }

        if (_facts.MaxTokens is { } cap)
        {
            writer.WriteNumber(_openAisOwn ? "max_completion_tokens" : "max_tokens", cap);
        }

        Copy(writer, "temperature");
        Copy(writer, "top_p");
        Copy(writer, "user");
        WriteHints(writer);
        ChatTooling.Write(writer, _request, _dropped);
        WriteText(writer);
        if (_request.Find("reasoning")?.Text("effort") is { } effort)
        {
            writer.WriteString("reasoning_effort", effort);
        }

        new ChatMessages(_target, _extended, _dropped).Write(writer, _request);
        writer.WriteEndObject();
    }

    private void NoteDropped()
    {
        NoteWhere("store", _request.IsTrue("store"));
        NoteWhere("truncation", _request.Text("truncation") is "auto");
        NoteWhere("top_logprobs", _request.Number("top_logprobs") > 0);
        NoteWhere("include", _request.List("include").Any(static item => item.ValueKind == JsonValueKind.String && !item.ValueEquals("reasoning.encrypted_content")));
    }

    private void NoteWhere(string name, bool lost)
    {
        if (lost)
        {
            _dropped.Add(name);
        }
    }

    /// <summary>A dialect that translates names what it drops; a compatible server might refuse what it does not know.</summary>
    private void WriteHints(Utf8JsonWriter writer)
    {
        foreach (var name in ServiceHints)
        {
            if (_extended || _openAisOwn)
            {
                Copy(writer, name);
            }
            else
            {
                NoteWhere(name, _request.Find(name) is { } value && !(value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any()));
            }
        }
    }

    private void WriteText(Utf8JsonWriter writer)
    {
        var text = _request.Find("text");
        if (text?.Find("format") is { } format && format.Text("type") is { } type and not "text")
        {
            writer.WriteStartObject("response_format");
            writer.WriteString("type", type);
            if (type is "json_schema")
            {
                writer.WriteStartObject("json_schema");
                foreach (var member in format.EnumerateObject().Where(static member => !member.NameEquals("type")))
                {
                    member.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        if (text?.Text("verbosity") is { } verbosity && (_extended || _openAisOwn))
        {
            writer.WriteString("verbosity", verbosity);
        }
        else
        {
            NoteWhere("text.verbosity", text?.Text("verbosity") is not (null or "medium"));
        }
    }

    private void Copy(Utf8JsonWriter writer, string name)
    {
        if (_request.Find(name) is { } value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
