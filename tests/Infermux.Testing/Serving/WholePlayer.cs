using System.Text;

namespace Infermux.Testing;

/// <summary>Plays a whole answer, and goes wrong where the script says.</summary>
internal sealed class WholePlayer(Exchange exchange, BodyWriter writer, TimeProvider time)
{
    private bool _reset;

    public async Task<Ended> PlayAsync()
    {
        try
        {
            return await WriteAsync() ? new Ended(RequestOutcome.Answered) : new Ended(RequestOutcome.Broken, Reset: _reset);
        }
        catch (OperationCanceledException) when (exchange.Ending.IsCancellationRequested)
        {
            return new Ended(RequestOutcome.Cancelled);
        }
    }

    private async Task<bool> WriteAsync()
    {
        var behaviour = exchange.Behaviour;
        await DelayAsync(behaviour.FirstContentDelay + (behaviour.ChunkInterval * exchange.Answer.Pieces.Count));
        var body = exchange.Format.WholeBytes(exchange.Call, exchange.Answer);
        switch (behaviour.Fault)
        {
            case Fault.ResetAfterHead:
                await writer.Response.StartAsync(exchange.Ending);
                await writer.Response.Body.FlushAsync(exchange.Ending);
                await writer.LetLeaveAsync();
                _reset = true;
                return false;
            case Fault.ResetAfterEvents:
                await HalfAsync(body);
                await writer.LetLeaveAsync();
                _reset = true;
                return false;
            case Fault.CutWithoutEnd or Fault.NoTerminalMark:
                await HalfAsync(body);
                return false;
            case Fault.StallBeforeContent or Fault.StallAfterEvents:
                await writer.Response.StartAsync(exchange.Ending);
                await DelayAsync(Timeout.InfiniteTimeSpan);
                return false;
            case Fault.MalformedAnswer:
                await SendAsync(body.AsMemory(0, body.Length / 2));
                return false;
            case Fault.ErrorEvent:
                await SendAsync(Encoding.UTF8.GetBytes(exchange.Format.Error(500, behaviour.ErrorCode, Faults.Message(exchange))));
                return false;
            case Fault.EndlessBody:
                await Faults.WriteForEverAsync(writer, "{");
                return false;
            default:
                await SendAsync(body);
                return true;
        }
    }

    private async Task HalfAsync(byte[] body)
    {
        writer.Response.ContentLength = body.Length;
        await writer.BytesAsync(body.AsMemory(0, body.Length / 2), content: false, last: false);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> body)
    {
        writer.Response.ContentLength = exchange.Format.TellsLength ? body.Length : null;
        await writer.BytesAsync(body, content: true, last: true);
    }

    private Task DelayAsync(TimeSpan delay) => delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, exchange.Ending);
}
