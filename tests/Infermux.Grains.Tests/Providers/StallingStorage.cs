using Orleans.Storage;

namespace Infermux.Grains.Tests.Providers;

/// <summary>The real memory storage, which a test can stop from answering.</summary>
internal sealed class StallingStorage(IGrainStorage beneath) : IGrainStorage
{
    private volatile TaskCompletionSource? _stalled;

    public void Stall() => _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        var stalled = _stalled;
        _stalled = null;
        stalled?.TrySetResult();
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await (_stalled?.Task ?? Task.CompletedTask);
        await beneath.ReadStateAsync(stateName, grainId, grainState);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await (_stalled?.Task ?? Task.CompletedTask);
        await beneath.WriteStateAsync(stateName, grainId, grainState);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => beneath.ClearStateAsync(stateName, grainId, grainState);
}
