using System.Runtime.InteropServices;
using System.Text.Json;

namespace Infermux.Providers.Json;

/// <summary>Where elements of a parsed text lie in its bytes, so that they can be edited in place.</summary>
internal static class JsonPlaces
{
    /// <summary>The value, quotes included.</summary>
    /// <param name="json">The bytes that were parsed, or the raw bytes of the root.</param>
    /// <param name="element">An element of it.</param>
    public static ByteRange Of(ReadOnlySpan<byte> json, JsonElement element) => Of(json, JsonMarshal.GetRawUtf8Value(element));

    /// <summary>The member with its name.</summary>
    public static ByteRange Of(ReadOnlySpan<byte> json, JsonProperty member)
    {
        var value = Of(json, member.Value);
        var name = JsonMarshal.GetRawUtf8PropertyName(member);
        var start = name.IsEmpty ? json[..value.Start].LastIndexOf("\"\""u8) : Of(json, name).Start - 1; // the quote before it
        return new ByteRange(start, value.Start + value.Length - start);
    }

    /// <summary>Removes some of the items of one list or object, each with the comma that belongs to it.</summary>
    /// <param name="edits">Takes the edits.</param>
    /// <param name="items">All items in order.</param>
    /// <param name="removed">Whether the item at an index goes.</param>
    public static void Remove(JsonEdits edits, IReadOnlyList<ByteRange> items, Func<int, bool> removed)
    {
        var lastKept = items.Count - 1;
        while (lastKept >= 0 && removed(lastKept))
        {
            lastKept--;
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (!removed(i))
            {
                continue;
            }

            // With its own comma where something is kept after it, else with the comma before it.
            var start = i < lastKept || i == 0 ? items[i].Start : items[i - 1].Start + items[i - 1].Length;
            var end = i < lastKept ? items[i + 1].Start : items[i].Start + items[i].Length;
            edits.Add(start, end - start, ReadOnlyMemory<byte>.Empty);
        }
    }

    private static ByteRange Of(ReadOnlySpan<byte> json, ReadOnlySpan<byte> part) => json.Overlaps(part, out var offset)
        ? new ByteRange(offset, part.Length)
        : throw new ArgumentException("The element is not of this text.", nameof(part));
}
