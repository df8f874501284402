using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Infermux.Grains.Providers;

/// <summary>
/// Keeps a provider's record without ever being waited for on the grain's turn: the newest wanted record is written, one write in flight, repeated until
/// it succeeds. It talks to <see cref="IGrainStorage"/> itself because the persistent-state facet would hold the activation until the store answers, and a
/// provider must be usable while it does not. Runs on the grain's scheduler, so nothing here is concurrent.
/// </summary>
internal sealed partial class ProviderStore(IGrainStorage storage, GrainId id, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Name of the grain storage every Infermux grain uses.</summary>
    public const string StorageName = "infermux";

    private const string StateName = "provider";
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private GrainState<ProviderState>? _record;
    private ProviderState? _wanted;
    private Task _writing = Task.CompletedTask;

    /// <summary>A record that was found only after the activation had started without it.</summary>
    public Action<ProviderState>? LoadedLate { get; set; }

    /// <summary>Another activation has written since and counts higher: this one must give way.</summary>
    public Action? Superseded { get; set; }

    /// <summary>Reads the record, for <paramref name="atMost"/>: null where there is none, and not answered where the store did not say.</summary>
    public async Task<(ProviderState? Stored, bool Answered)> LoadAsync(TimeSpan atMost)
    {
        try
        {
            _record = await ReadAsync().WaitAsync(atMost, time); // an answer that comes later is dropped, and read again before the first write
            return (_record.RecordExists ? _record.State : null, true);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotLoaded(logger, e, id);
            return (null, false);
        }
    }

    /// <summary>Wants this record stored, soon.</summary>
    public void Save(ProviderState state)
    {
        _wanted = state;
        if (_writing.IsCompleted)
        {
            _writing = WriteAsync();
        }
    }

    /// <summary>Waits for what is wanted to be stored, for <paramref name="atMost"/>.</summary>
    public async Task FlushAsync(TimeSpan atMost)
    {
        try
        {
            await _writing.WaitAsync(atMost, time);
        }
        catch (TimeoutException)
        {
            LogNotStored(logger, id);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        var stopping = _stopping.Token;
        while (_wanted is { } wanted && !stopping.IsCancellationRequested)
        {
            try
            {
                if (_record is null)
                {
                    await LoadLateAsync(wanted);
                    continue; // what was wanted may have changed
                }

                _wanted = null;
                _record.State = wanted;
                await storage.WriteStateAsync(StateName, id, _record);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A failed write may have happened: read again before the next one.
                _record = null;
                _wanted ??= wanted;
                LogWriteFailed(logger, e, id);
                await Task.Delay(RetryAfter, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    private async Task LoadLateAsync(ProviderState wanted)
    {
        var record = await ReadAsync();
        _record = record;
        if (!record.RecordExists || record.State is not { } stored || stored.Incarnation == wanted.Incarnation)
        {
            return;
        }

        if (stored.Incarnation > wanted.Incarnation)
        {
            _wanted = null;
            Superseded?.Invoke();
        }
        else
        {
            LoadedLate?.Invoke(stored);
        }
    }

    private async Task<GrainState<ProviderState>> ReadAsync()
    {
        var record = new GrainState<ProviderState>(new ProviderState());
        await storage.ReadStateAsync(StateName, id, record);
        return record;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The record of {Provider} was not stored and is tried again each second; its circuit works meanwhile.")]
    private static partial void LogWriteFailed(ILogger logger, Exception exception, GrainId provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not answer for {Provider} in time: its circuit starts closed and learns from gateways.")]
    private static partial void LogNotLoaded(ILogger logger, Exception exception, GrainId provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last record of {Provider} was not stored in time; its next owner starts from the one before.")]
    private static partial void LogNotStored(ILogger logger, GrainId provider);
}
