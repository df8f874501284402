using System.Text.Json;

namespace Infermux.Providers.Responses;

/// <summary>Where the members of a Responses request lie that are changed on the way, and which of them ask for a state that nobody keeps.</summary>
/// <param name="Store"><c>store</c>'s value.</param>
/// <param name="StoreWanted">Whether it is true.</param>
/// <param name="Input"><c>input</c>'s value.</param>
internal readonly record struct ResponsesFields(ByteRange Store, bool StoreWanted, ByteRange Input)
{
    private const int MaxDepth = 1_024; // the scan before has seen to limits.max_json_depth

    /// <summary>Finds them in a body that was scanned before.</summary>
    public static ResponsesFields Find(ReadOnlySpan<byte> body)
    {
        var found = default(ResponsesFields);
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isStore = reader.ValueTextEquals("store"u8);
            var isInput = reader.ValueTextEquals("input"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isTrue = reader.TokenType == JsonTokenType.True;
            reader.Skip();
            var range = new ByteRange(start, (int)reader.BytesConsumed - start);
            found = isStore ? found with { Store = range, StoreWanted = isTrue } : isInput ? found with { Input = range } : found;
        }

        return found;
    }

    /// <summary>Refuses what only a provider that stores responses could answer: whoever answers the next turn may be another one.</summary>
    /// <exception cref="RequestRefusedException">Names the field and the mend.</exception>
    public static void RefuseState(ReadOnlySpan<byte> body)
    {
        var reader = Begin(body);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var stateful = Stateful(reader);
            var isInput = reader.ValueTextEquals("input"u8);
            reader.Read();
            if (stateful is { } field && reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False))
            {
                throw new RequestRefusedException($"'{field}' needs a provider that keeps state, and Infermux keeps none: {Mend(field)}", field, "unsupported");
            }

            if (isInput && reader.TokenType == JsonTokenType.StartArray)
            {
                RefuseReferences(ref reader);
            }

            reader.Skip();
        }
    }

    private static void RefuseReferences(ref Utf8JsonReader reader)
    {
        for (var n = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; n++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("item_reference"u8))
                {
                    throw new RequestRefusedException(
                        $"'input[{n}]' is an item_reference, which needs a provider that keeps state, and Infermux keeps none: send the item itself.",
                        $"input[{n}]",
                        "unsupported");
                }

                reader.Skip();
            }
        }
    }

    private static string? Stateful(in Utf8JsonReader reader) =>
        reader.ValueTextEquals("previous_response_id"u8) ? "previous_response_id"
        : reader.ValueTextEquals("conversation"u8) ? "conversation"
        : reader.ValueTextEquals("background"u8) ? "background"
        : reader.ValueTextEquals("prompt"u8) ? "prompt"
        : null;

    private static string Mend(string field) => field switch
    {
        "background" => "leave it out and stream the answer.",
        "prompt" => "send the prompt's text in 'instructions' and 'input'.",
        _ => "send the whole conversation in 'input', with 'store: false' and 'include: [\"reasoning.encrypted_content\"]'.",
    };

    private static Utf8JsonReader Begin(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        return reader;
    }
}
