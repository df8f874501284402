using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Messages;

/// <summary>The readable reasoning of a chat message or delta, under whichever name its server gives it.</summary>
internal static class ShownThinking
{
    /// <summary>The text; empty where there is none.</summary>
    public static string Of(JsonElement message) => message.Text("reasoning_content") ?? message.Text("reasoning") ?? InParts(message);

    // Mistral puts it among the parts of the content.
    private static string InParts(JsonElement message) => string.Concat(message.List("content")
        .Where(static part => part.Text("type") is "thinking")
        .SelectMany(static part => part.List("thinking"))
        .Select(static inner => inner.Text("text")));
}
