using System.Runtime.InteropServices;
using System.Text.Json;
using Infermux.Providers.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>One answer of a response, whole or streamed: what its parts are is decided here, what becomes of them in those who inherit.</summary>
/// <param name="index">Its place, which is the choice's.</param>
internal abstract class Candidate(int index)
{
    private string? _finishMessage;

    /// <summary>Which choice it is.</summary>
    public int Index { get; } = index;

    /// <summary>The last <c>finishReason</c> or the reason of a block; null until one came.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Tool calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether text came.</summary>
    public bool HasText { get; private set; }

    /// <summary>Characters of output so far, thoughts and arguments included.</summary>
    public long Characters { get; private set; }

    /// <summary>In chat's words.</summary>
    public string ChatFinish => FinishReasons.ToChat(FinishReason, Calls > 0);

    /// <summary>Why there is no text, where a filter withheld all of it; null: it did not.</summary>
    public string? Refusal => !FinishReasons.IsFiltered(FinishReason) || HasText || Calls > 0 ? null
        : _finishMessage ?? $"Gemini withheld this answer ({FinishReason}).";

    /// <summary>Takes one element of <c>candidates</c>.</summary>
    /// <param name="candidate">The element.</param>
    /// <param name="seed">Makes ids for calls that have none.</param>
    public void Take(JsonElement candidate, string seed)
    {
        if (candidate.Find("logprobsResult") is { } logprobs)
        {
            OnLogprobs(logprobs);
        }

        foreach (var part in (candidate.Find("content") ?? default).List("parts"))
        {
            Take(part, seed, out var call);
            if (part.Text("thoughtSignature") is { Length: > 0 } signature)
            {
                OnSignature(call, signature);
            }
        }

        FinishReason = candidate.Text("finishReason") ?? FinishReason;
        _finishMessage = candidate.Text("finishMessage") ?? _finishMessage;
    }

    /// <summary>Takes the block of the prompt, which has no candidate.</summary>
    public void TakeBlock(string reason, string? message)
    {
        FinishReason = "PROHIBITED_CONTENT";
        _finishMessage = message ?? $"Gemini blocked the prompt ({reason}).";
    }

    /// <summary>A piece of text, as the raw bytes of a JSON string. Not empty.</summary>
    protected abstract void OnText(ReadOnlySpan<byte> raw);

    /// <summary>A piece of a summary of thoughts.</summary>
    protected abstract void OnThought(ReadOnlySpan<byte> raw);

    /// <summary>A whole call.</summary>
    /// <param name="call">Its place among the calls.</param>
    /// <param name="id">Its id.</param>
    /// <param name="name">The function.</param>
    /// <param name="arguments">The arguments as the raw bytes of a JSON string.</param>
    protected abstract void OnCall(int call, string id, string name, ReadOnlySpan<byte> arguments);

    /// <summary>A signature.</summary>
    /// <param name="call">The id of the call it came with; null: it came with text or alone.</param>
    /// <param name="signature">The value.</param>
    protected abstract void OnSignature(string? call, string signature);

    /// <summary>Probabilities of tokens of the text that comes next.</summary>
    protected abstract void OnLogprobs(JsonElement result);

    private void Take(JsonElement part, string seed, out string? call)
    {
        call = null;
        if (part.Find("functionCall") is { ValueKind: JsonValueKind.Object } function)
        {
            call = TakeCall(function, seed);
            return;
        }

        var raw = RawText.Of(part, "text");
        if (raw.IsEmpty)
        {
            return;
        }

        Characters += RawText.Length(raw);
        if (part.IsTrue("thought"))
        {
            OnThought(raw);
        }
        else
        {
            HasText = true;
            OnText(raw);
        }
    }

    private string TakeCall(JsonElement function, string seed)
    {
        var id = function.Text("id") is { Length: > 0 } given ? given : MadeCallId.Of(seed, Index, Calls);
        var arguments = function.Find("args") is { ValueKind: JsonValueKind.Object } args
            ? JsonText.AsString(JsonMarshal.GetRawUtf8Value(args))
            : "{}"u8.ToArray();
        Characters += RawText.Length(arguments);
        OnCall(Calls++, id, function.Text("name") ?? "", arguments);
        return id;
    }
}
