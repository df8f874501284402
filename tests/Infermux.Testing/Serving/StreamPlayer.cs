namespace Infermux.Testing;

/// <summary>Plays a streamed answer, and goes wrong where the script says.</summary>
internal sealed class StreamPlayer(Exchange exchange, BodyWriter writer, TimeProvider time)
{
    private readonly Behaviour _behaviour = exchange.Behaviour;
    private readonly long _start = time.GetTimestamp();
    private int _content;
    private long _output;
    private bool _reset;

    public async Task<Ended> PlayAsync()
    {
        try
        {
            return new Ended(await PlayEventsAsync(), _output, _content, _reset);
        }
        catch (OperationCanceledException) when (exchange.Ending.IsCancellationRequested)
        {
            return new Ended(RequestOutcome.Cancelled, _output, _content);
        }
    }

    private async Task<RequestOutcome> PlayEventsAsync()
    {
        await writer.Response.StartAsync(exchange.Ending);
        await writer.Response.Body.FlushAsync(exchange.Ending);
        if (_behaviour.Fault == Fault.ResetAfterHead)
        {
            await ResetAsync();
            return RequestOutcome.Broken;
        }

        foreach (var wireEvent in exchange.Format.Stream(exchange.Call, exchange.Answer, time))
        {
            if (IsDue(wireEvent))
            {
                return await GoWrongAsync();
            }

            if (wireEvent.Kind == WireEventKind.Content)
            {
                await PaceAsync();
            }

            await writer.EventAsync(wireEvent, last: wireEvent.Kind == WireEventKind.Terminal);
            _content += wireEvent.Kind == WireEventKind.Content ? 1 : 0;
            _output += wireEvent.Tokens;
        }

        return RequestOutcome.Answered;
    }

    private bool IsDue(WireEvent next) => _behaviour.Fault switch
    {
        Fault.NoTerminalMark => next.Kind == WireEventKind.Terminal,
        Fault.StallBeforeContent => next.Kind != WireEventKind.Opening,
        Fault.ResetAfterEvents or Fault.StallAfterEvents or Fault.MalformedAnswer or Fault.ErrorEvent or Fault.CutWithoutEnd or Fault.EndlessBody =>
            next.Kind != WireEventKind.Opening && (_content >= _behaviour.AfterEvents || next.Kind != WireEventKind.Content),
        _ => false,
    };

    private async Task<RequestOutcome> GoWrongAsync()
    {
        switch (_behaviour.Fault)
        {
            case Fault.ResetAfterEvents:
                await ResetAsync();
                break;
            case Fault.StallBeforeContent or Fault.StallAfterEvents:
                await StallAsync();
                break;
            case Fault.MalformedAnswer:
                await writer.EventAsync(new WireEvent(WireEventKind.Ending, "{\"id\":\"chatcmpl-broken\",\"choices\":[{\"delta\":{\"content\":"), last: false);
                break;
            case Fault.ErrorEvent:
                await writer.EventAsync(Faults.ErrorEvent(exchange), last: true);
                break;
            case Fault.EndlessBody:
                await Faults.WriteForEverAsync(writer, "data: ");
                break;
            default: // the body just ends
                break;
        }

        return RequestOutcome.Broken;
    }

    private Task ResetAsync()
    {
        _reset = true;
        return writer.LetLeaveAsync();
    }

    private async Task StallAsync()
    {
        while (true)
        {
            if (_behaviour.Fill == StallFill.Silence || exchange.Format.StreamType is "application/vnd.amazon.eventstream") // frames have no comments
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, exchange.Ending);
            }

            await Task.Delay(_behaviour.FillInterval, time, exchange.Ending);
            if (_behaviour.Fill == StallFill.Pings && exchange.Format.Ping is { } ping)
            {
                await writer.EventAsync(ping, last: false);
            }
            else
            {
                await writer.TextAsync(": keep-alive\n\n", content: false);
            }
        }
    }

    private async Task PaceAsync()
    {
        var due = _behaviour.FirstContentDelay + (_behaviour.ChunkInterval * _content);
        if (due > TimeSpan.Zero && due - time.GetElapsedTime(_start) is { } wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, exchange.Ending);
        }
    }
}
