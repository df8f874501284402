using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>
/// The thought signatures of one assistant message: items of <c>reasoning_details</c> that say <c>google-gemini-v1</c>. Gemini wants them back on the part they
/// came with, and refuses another model's.
/// </summary>
internal sealed class ThoughtSignatures
{
    /// <summary>What such items say as their <c>format</c>.</summary>
    public const string Format = "google-gemini-v1";

    /// <summary>Google's own value for calls that Gemini did not make, or whose signature is gone.</summary>
    public const string Skip = "skip_thought_signature_validator";

    private readonly Dictionary<string, string> _ofCalls = new(StringComparer.Ordinal);
    private readonly List<string> _ofText = [];

    private ThoughtSignatures()
    {
    }

    /// <summary>Those that came with the text or after it, in order.</summary>
    public IReadOnlyList<string> OfText => _ofText;

    /// <summary>Whether an opaque item had to be left out because another made it.</summary>
    public bool Lost { get; private set; }

    /// <summary>That of a call; null: it had none.</summary>
    public string? OfCall(string id) => _ofCalls.GetValueOrDefault(id);

    /// <summary>Reads those that this target made.</summary>
    public static ThoughtSignatures Read(JsonElement message, AttemptTarget target)
    {
        var found = new ThoughtSignatures();
        foreach (var item in message.List("reasoning_details"))
        {
            found.Add(item, target);
        }

        return found;
    }

    /// <summary>Writes the members of an item toward the caller.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="call">The id of the call it came with; null: it came with text.</param>
    /// <param name="marked">The signature under its maker's mark.</param>
    public static void Write(Utf8JsonWriter writer, string? call, string marked)
    {
        writer.WriteString("type", "reasoning.encrypted");
        if (call is not null)
        {
            writer.WriteString("id", call);
        }

        writer.WriteString("format", Format);
        writer.WriteString("data", marked);
    }

    private void Add(JsonElement item, AttemptTarget target)
    {
        var isOurs = item.Text("type") is "reasoning.encrypted" && item.Text("format") is Format;
        if (isOurs && OpaqueMark.Take(target, item.Text("data")) is { Length: > 0 } signature)
        {
            if (item.Text("id") is { Length: > 0 } call)
            {
                _ofCalls[call] = signature;
            }
            else
            {
                _ofText.Add(signature);
            }
        }
        else
        {
            Lost |= item.Text("data") is not null || item.Text("signature") is not null;
        }
    }
}
