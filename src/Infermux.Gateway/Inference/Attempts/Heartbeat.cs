using Infermux.Gateway.Inference.Outbound;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Writes a comment into a stream after each silence of the given length, until disposed.</summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    private readonly SseResponse _events;
    private readonly TimeSpan _silence;
    private readonly TimeProvider _time;
    private readonly CancellationToken _callerGone;
    private readonly ITimer _timer;
    private Task _writing = Task.CompletedTask;

    public Heartbeat(SseResponse events, TimeSpan silence, TimeProvider time, CancellationToken callerGone)
    {
        (_events, _silence, _time, _callerGone) = (events, silence, time, callerGone);
        _timer = time.CreateTimer(static state => ((Heartbeat)state!).Tick(), this, silence, Timeout.InfiniteTimeSpan);
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _writing;
    }

    private void Tick()
    {
        var quiet = _time.GetElapsedTime(_events.LastWrite);
        if (quiet >= _silence && _writing.IsCompleted)
        {
            _writing = WriteAsync();
        }

        _timer.Change(quiet >= _silence ? _silence : _silence - quiet, Timeout.InfiniteTimeSpan);
    }

    private async Task WriteAsync()
    {
        try
        {
            await _events.HeartbeatAsync(_time.GetTimestamp(), _callerGone);
        }
        catch (OperationCanceledException)
        {
            // The caller left; the relay learns it by the same token.
        }
        catch (IOException)
        {
            // The connection broke under the comment; the relay's own next write meets the same.
        }
    }
}
