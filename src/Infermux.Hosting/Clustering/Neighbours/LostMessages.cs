using System.Diagnostics.Metrics;

namespace Infermux.Hosting.Clustering.Neighbours;

/// <summary>Tells when Orleans could not send a message, as it counts them. A silo that is killed makes that happen within milliseconds under load, else with the next probe.</summary>
internal sealed class LostMessages : IDisposable
{
    private const string Orleans = "Microsoft.Orleans";
    private static readonly string[] Counters = ["orleans-messaging-sent-failed", "orleans-messaging-sent-dropped", "orleans-messaging-rejected"];

    private readonly MeterListener _listener = new();
    private readonly SemaphoreSlim _lost = new(0, 1);

    public LostMessages()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (string.Equals(instrument.Meter.Name, Orleans, StringComparison.Ordinal) && Counters.Contains(instrument.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, _, _, _) => Tell());
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => Tell());
        _listener.Start();
    }

    /// <summary>Returns once a message was lost since the last time it returned.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _lost.WaitAsync(cancellationToken);

    public void Dispose()
    {
        _listener.Dispose();
        _lost.Dispose();
    }

    private void Tell()
    {
        try
        {
            if (_lost.CurrentCount == 0)
            {
                _lost.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Another thread has told it.
        }
    }
}
