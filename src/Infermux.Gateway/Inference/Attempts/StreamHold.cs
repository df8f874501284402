using Infermux.Grains.Contracts.Routing;
using Infermux.Providers;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>
/// Whether a stream is still inside its hold. The cap that goes upstream keeps it there; a provider that ignores the cap does not. What was used is judged
/// from below, by events and by characters alike, whichever says less: a stream that keeps its cap must never be taken for one that does not.
/// </summary>
internal sealed class StreamHold
{
    /// <summary>Tokens asked for at least, so that short caps do not ask for every event.</summary>
    private const long LeastStep = 16;

    private readonly StreamTranslator _stream;
    private readonly decimal _inputAmount;
    private readonly decimal _perToken;
    private long _covered;

    private StreamHold(StreamTranslator stream, Hold hold, long covered)
    {
        (_stream, _inputAmount, _covered) = (stream, hold.InputAmount, covered);
        _perToken = (hold.Amount - hold.InputAmount) / covered;
    }

    /// <summary>More output has come than money is held for.</summary>
    public bool IsPassed => _covered < Used && !_stream.Ended && _stream.Failure is null;

    /// <summary>How often more was asked for; numbers the commands.</summary>
    public int Asked { get; set; }

    public decimal InputAmount => _inputAmount;

    private long Used => Math.Max(
        _stream.Usage?.Output ?? 0, Math.Min(_stream.OutputPieces, AttemptCost.Tokens(_stream.OutputCharacters)));

    /// <summary>Null where nothing is held for output.</summary>
    public static StreamHold? Of(Attempt attempt, StreamTranslator stream)
    {
        if (attempt.Record.Selection.Hold is not { } hold || hold.Amount <= hold.InputAmount)
        {
            return null;
        }

        var covered = hold.OutputCap * Math.Max(1, attempt.Exchange.Request.Facts.Choices);
        return covered > 0 ? new StreamHold(stream, hold, covered) : null;
    }

    /// <summary>Tokens to cover next: half as many again, or with <paramref name="least"/> only what has come and a little.</summary>
    public long Next(bool least) => Math.Max(Used, least ? 0 : _covered + (_covered / 2)) + LeastStep;

    public decimal AmountFor(long tokens) => _inputAmount + (_perToken * tokens);

    /// <summary>So many tokens are covered now.</summary>
    public void Covers(long tokens) => _covered = tokens;
}
