using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.OpenAi;

/// <summary>What an OpenAI request needs changed on its way to one provider; the rest of its bytes travel as they are.</summary>
internal static class RequestEdits
{
    private static readonly ReadOnlyMemory<byte> AskForUsage = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> OnlyUsage = "{\"include_usage\":true}"u8.ToArray();

    /// <summary>The edits; null where there is nothing to change.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="capKey">Name of the output cap where the caller gave none.</param>
    /// <param name="namesModel">Whether the body must name the model.</param>
    public static JsonEdits? For(InferenceRequest request, AttemptTarget target, string capKey, bool namesModel)
    {
        var edits = new JsonEdits();
        SetModel(edits, request, target.Model, namesModel);
        if (request.Facts.Stream && !request.Facts.IncludeUsage && request.Operation != Operation.Embeddings)
        {
            AddUsage(edits, request);
        }

        if (target.OutputCap is { } cap)
        {
            SetCap(edits, request.Facts, cap, capKey);
        }

        if (request.Facts.Marked && request.Operation == Operation.ChatCompletions)
        {
            MarkedReasoning.Remove(request.Body, edits);
        }

        return edits.IsEmpty ? null : edits;
    }

    private static void SetModel(JsonEdits edits, InferenceRequest request, string model, bool namesModel)
    {
        if (!request.Facts.ModelValue.Exists)
        {
            AddModel(edits, request, model, namesModel);
        }
        else if (!string.Equals(model, request.Facts.Model, StringComparison.Ordinal))
        {
            edits.Replace(request.Facts.ModelValue, JsonLiteral.Of(model));
        }
    }

    // The path named it, as Azure's does. The body has other members: what is asked is one of them.
    private static void AddModel(JsonEdits edits, InferenceRequest request, string model, bool namesModel)
    {
        if (namesModel)
        {
            edits.Add(request.Facts.InsertAt, 0, (byte[])[.. "\"model\":"u8, .. JsonLiteral.Of(model), (byte)',']);
        }
    }

    private static void SetCap(JsonEdits edits, RequestFacts facts, long cap, string capKey)
    {
        if (facts.MaxTokens <= cap)
        {
            return;
        }

        var number = cap.ToString(CultureInfo.InvariantCulture);
        if (facts.MaxTokensValue.Exists)
        {
            edits.Replace(facts.MaxTokensValue, JsonLiteral.Utf8(number));
        }
        else
        {
            edits.Add(facts.InsertAt, 0, JsonLiteral.Utf8($"\"{capKey}\":{number},"));
        }
    }

    private static void AddUsage(JsonEdits edits, InferenceRequest request)
    {
        var given = request.Facts.StreamOptionsValue;
        if (!given.Exists)
        {
            edits.Add(request.Facts.InsertAt, 0, AskForUsage);
            return;
        }

        edits.Replace(given, WithUsage(request.Body.Span.Slice(given.Start, given.Length)));
    }

    /// <summary>The caller's <c>stream_options</c> with <c>include_usage: true</c>, its other members kept.</summary>
    private static ReadOnlyMemory<byte> WithUsage(ReadOnlySpan<byte> options)
    {
        var reader = new Utf8JsonReader(options, new JsonReaderOptions { MaxDepth = 1_000 });
        reader.Read();
        var members = new List<byte>();
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var keep = !reader.ValueTextEquals("include_usage"u8);
            var start = (int)reader.TokenStartIndex;
            reader.Read();
            reader.Skip();
            if (keep)
            {
                members.AddRange(options[start..(int)reader.BytesConsumed]);
                members.Add((byte)',');
            }
        }

        return members.Count == 0 ? OnlyUsage : (byte[])[(byte)'{', .. members, .. "\"include_usage\":true}"u8];
    }
}
