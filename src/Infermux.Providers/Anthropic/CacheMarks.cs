using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>Counts cache marks while a request is written: a fifth one would be a 400, and is left out.</summary>
internal sealed class CacheMarks
{
    /// <summary>The most a request may carry.</summary>
    public const int Most = 4;

    private int _taken;

    /// <summary>Writes the mark, where there is one and it is one of the first four.</summary>
    public void Write(Utf8JsonWriter writer, JsonElement? mark)
    {
        if (Takes(mark))
        {
            writer.WritePropertyName("cache_control");
            mark!.Value.WriteTo(writer);
        }
    }

    /// <summary>Whether there is a mark and it is one of the first four. Counts it.</summary>
    public bool Takes(JsonElement? mark) => mark is { ValueKind: JsonValueKind.Object } && _taken++ < Most;
}
