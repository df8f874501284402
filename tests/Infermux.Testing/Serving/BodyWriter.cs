using System.Buffers;
using System.Text;

namespace Infermux.Testing;

/// <summary>Writes a response body in the scripted shape and keeps the books of it.</summary>
internal sealed class BodyWriter(Exchange exchange, TruthBook book, TimeProvider time)
{
    // A reset throws away what the socket has not sent yet; bytes that the script says were sent need a moment to leave. Real time, whatever the script's clock.
    private static readonly TimeSpan Leaving = TimeSpan.FromMilliseconds(20);
    private readonly WireShape _shape = exchange.Behaviour.Wire;
    private readonly Random? _sizes = exchange.Behaviour.Wire.SplitSeed is { } seed ? new Random(seed) : null;
    private bool _begun;

    public HttpResponse Response => exchange.Context.Response;

    public Task EventAsync(WireEvent wireEvent, bool last)
    {
        if (exchange.Format.Frame(wireEvent) is { } frame)
        {
            return BytesAsync(frame, wireEvent.Kind == WireEventKind.Content, last);
        }

        var end = _shape.LineEnd switch { LineEnd.CrLf => "\r\n", LineEnd.Cr => "\r", _ => "\n" };
        var name = wireEvent.Name is null ? "" : $"event: {wireEvent.Name}{end}";
        var blank = _shape.NoBlank ? "" : " ";
        var closing = last && _shape.NoLastBlankLine ? "" : end;
        return TextAsync($"{name}data:{blank}{wireEvent.Data}{end}{closing}", wireEvent.Kind == WireEventKind.Content, last);
    }

    public Task TextAsync(string text, bool content, bool last = false)
    {
        var mark = !_begun && _shape.ByteOrderMark ? "\uFEFF" : "";
        _begun = true;
        return BytesAsync(Encoding.UTF8.GetBytes(mark + text), content, last);
    }

    /// <summary>
    /// Writes. The end of the <paramref name="last"/> bytes is left to the server, which sends it when the request has been booked: who has an answer finds it
    /// in the books.
    /// </summary>
    public async Task BytesAsync(ReadOnlyMemory<byte> bytes, bool content, bool last)
    {
        var most = _shape.SplitEvery > 0 ? _shape.SplitEvery : Math.Max(1, bytes.Length);
        for (int at = 0, size; at < bytes.Length; at += size)
        {
            size = _sizes?.Next(1, most + 1) ?? most;
            exchange.Ending.ThrowIfCancellationRequested();
            if (at > 0 && _shape.SplitInterval > TimeSpan.Zero)
            {
                await Task.Delay(_shape.SplitInterval, time, exchange.Ending);
            }

            var piece = bytes.Slice(at, Math.Min(size, bytes.Length - at));
            Response.BodyWriter.Write(piece.Span);
            if (!last || at + size < bytes.Length)
            {
                await Response.BodyWriter.FlushAsync(exchange.Ending);
            }

            book.Wrote(exchange.Entry, piece.Length, content && at + size >= bytes.Length);
        }
    }

    /// <summary>Lets what was written leave, before a reset.</summary>
    public Task LetLeaveAsync() => Response.HasStarted ? Task.Delay(Leaving, exchange.Ending) : Task.CompletedTask;
}
