using System.Globalization;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.OpenAi;

/// <summary>
/// Mends tool calls that clients could not put together, and leaves right ones alone: a missing id is made and kept, a missing index found, a repeated id or
/// name removed (clients append), a new id on an index in use becomes a new call, arguments that are an object become text.
/// </summary>
/// <param name="seed">Makes ids the same for the same answer, whatever its chunking, and different between answers.</param>
internal sealed class ToolCallRepair(string seed)
{
    private const int MaxCalls = 1_024;
    private static readonly ReadOnlyMemory<byte> NoArguments = "\"{}\""u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Nothing = ReadOnlyMemory<byte>.Empty;

    /// <summary>Mends one element of a streamed delta.</summary>
    public void MendDelta(in ToolCall call, ReadOnlySpan<byte> json, ChoiceState choice, JsonEdits edits)
    {
        if (!call.HasMembers || choice.Calls.Count >= MaxCalls)
        {
            return;
        }

        var id = call.HasId ? json.Slice(call.IdValue.Start, call.IdValue.Length) : default;
        var known = Find(call, id, choice);
        if (known is null)
        {
            Begin(call, id, choice, edits);
        }
        else
        {
            Continue(call, known, edits);
        }

        MendArguments(call, json, edits);
    }

    /// <summary>Mends one element of a whole message, in which calls have no index.</summary>
    public void MendWhole(in ToolCall call, ReadOnlySpan<byte> json, ChoiceState choice, JsonEdits edits)
    {
        if (!call.HasMembers)
        {
            return;
        }

        var state = new ToolCallState(-1, choice.Calls.Count, []);
        choice.Calls.Add(state);
        GiveId(call, state, choice, edits);
        MendArguments(call, json, edits);
        if (call.ArgumentsKind == JsonTokenType.Null)
        {
            edits.Replace(call.ArgumentsValue, NoArguments);
        }
    }

    private static ToolCallState? Find(in ToolCall call, ReadOnlySpan<byte> id, ChoiceState choice)
    {
        for (var i = choice.Calls.Count - 1; i >= 0; i--)
        {
            var known = choice.Calls[i];
            if (!call.HasIndex || known.UpstreamIndex == call.Index || (known.UpstreamIndex < 0 && known.Index == call.Index))
            {
                return id.IsEmpty || known.Id.Length == 0 || id.SequenceEqual(known.Id) ? known : null;
            }
        }

        return null;
    }

    private void Begin(in ToolCall call, ReadOnlySpan<byte> id, ChoiceState choice, JsonEdits edits)
    {
        var index = call.HasIndex && !choice.Calls.Exists(IsIndex(call.Index)) ? call.Index : Next(choice);
        var state = new ToolCallState(call.HasIndex ? call.Index : -1, index, id.ToArray()) { Named = call.HasName };
        choice.Calls.Add(state);
        GiveIndex(call, index, edits);
        GiveId(call, state, choice, edits);
    }

    private static void Continue(in ToolCall call, ToolCallState known, JsonEdits edits)
    {
        GiveIndex(call, known.Index, edits);
        if (call.HasId)
        {
            edits.Replace(call.IdMember, Nothing);
        }

        if (call.HasName && known.Named)
        {
            edits.Replace(call.NameMember, Nothing);
        }

        known.Named |= call.HasName;
    }

    private static Predicate<ToolCallState> IsIndex(int index) => call => call.Index == index;

    private static int Next(ChoiceState choice)
    {
        var next = 0;
        foreach (var call in choice.Calls)
        {
            next = Math.Max(next, call.Index + 1);
        }

        return next;
    }

    private static void GiveIndex(in ToolCall call, int index, JsonEdits edits)
    {
        var number = index.ToString(CultureInfo.InvariantCulture);
        if (!call.HasIndex && !call.IndexValue.Exists)
        {
            edits.Add(call.InsertAt, 0, JsonLiteral.Utf8($"\"index\":{number},"));
        }
        else if (!call.HasIndex || call.Index != index)
        {
            edits.Replace(call.IndexValue, JsonLiteral.Utf8(number));
        }
    }

    private void GiveId(in ToolCall call, ToolCallState state, ChoiceState choice, JsonEdits edits)
    {
        if (call.HasId)
        {
            return;
        }

        var id = MadeCallId.Of(seed, choice.Index, state.Index);
        if (call.IdValue.Exists)
        {
            edits.Replace(call.IdValue, JsonLiteral.Utf8($"\"{id}\""));
        }
        else
        {
            edits.Add(call.InsertAt, 0, JsonLiteral.Utf8($"\"id\":\"{id}\","));
        }
    }

    private static void MendArguments(in ToolCall call, ReadOnlySpan<byte> json, JsonEdits edits)
    {
        if (call.ArgumentsKind == JsonTokenType.StartObject)
        {
            edits.Replace(call.ArgumentsValue, JsonLiteral.Of(json.Slice(call.ArgumentsValue.Start, call.ArgumentsValue.Length)));
        }
    }
}
