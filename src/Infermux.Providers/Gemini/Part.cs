using System.Text.Json;

namespace Infermux.Providers.Gemini;

/// <summary>One part of a content, written when its place is known.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Members">Writes its members, the signature aside.</param>
internal sealed record Part(PartKind Kind, Action<Utf8JsonWriter> Members)
{
    /// <summary>The text of a text part; null: another kind.</summary>
    public string? Value { get; private init; }

    /// <summary><c>thoughtSignature</c>; null: none.</summary>
    public string? Signature { get; init; }

    /// <summary>A text part. Empty only where it carries a signature.</summary>
    public static Part OfText(string text) => new(PartKind.Text, writer => writer.WriteString("text", text)) { Value = text };

    /// <summary>Data of the request itself.</summary>
    public static Part Inline(string mediaType, string base64) => new(PartKind.Media, writer =>
    {
        writer.WriteStartObject("inlineData");
        writer.WriteString("mimeType", mediaType);
        writer.WriteString("data", base64);
        writer.WriteEndObject();
    });

    /// <summary>Data by reference.</summary>
    public static Part Linked(string? mediaType, string url) => new(PartKind.Media, writer =>
    {
        writer.WriteStartObject("fileData");
        if (mediaType is not null)
        {
            writer.WriteString("mimeType", mediaType);
        }

        writer.WriteString("fileUri", url);
        writer.WriteEndObject();
    });

    /// <summary>Writes it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        Members(writer);
        if (Signature is not null)
        {
            writer.WriteString("thoughtSignature", Signature);
        }

        writer.WriteEndObject();
    }
}
