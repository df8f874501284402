using System.Collections.Concurrent;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>A store in memory with ETags and the Orleans serializer, whose next writes and reads fail as told.</summary>
internal sealed class AccountStorage(Serializer serializer) : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (byte[] Bytes, string ETag)> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<StoreFault> _writeFaults = new();
    private readonly ConcurrentQueue<StoreFault> _readFaults = new();
    private int _tag;
    private int _writes;

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Completed when a write begins to hang.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>To be completed by the test: lets a hanging write reach the store.</summary>
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed with the outcome of the write that hung.</summary>
    public TaskCompletionSource<Exception?> Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void FailWrites(params StoreFault[] faults) => Array.ForEach(faults, _writeFaults.Enqueue);

    public void FailReads(params StoreFault[] faults) => Array.ForEach(faults, _readFaults.Enqueue);

    /// <summary>As if another activation had stored the same state again.</summary>
    public void Touch()
    {
        foreach (var (key, (bytes, _)) in _states)
        {
            _states[key] = (bytes, NextTag());
        }
    }

    /// <summary>What is stored, to be put back later.</summary>
    public IReadOnlyDictionary<string, (byte[] Bytes, string ETag)> Copy() => new Dictionary<string, (byte[] Bytes, string ETag)>(_states, StringComparer.Ordinal);

    /// <summary>Puts an earlier copy in the place of everything.</summary>
    public void SetBack(IReadOnlyDictionary<string, (byte[] Bytes, string ETag)> copy)
    {
        _states.Clear();
        foreach (var (key, stored) in copy)
        {
            _states[key] = stored;
        }
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_readFaults.TryDequeue(out _))
        {
            throw new IOException("the test's store does not answer");
        }

        if (_states.TryGetValue(Key(stateName, grainId), out var stored))
        {
            grainState.State = serializer.Deserialize<T>(stored.Bytes);
            (grainState.ETag, grainState.RecordExists) = (stored.ETag, true);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _writes);
        var bytes = serializer.SerializeToArray(grainState.State);
        _writeFaults.TryDequeue(out var fault);
        switch (fault)
        {
            case StoreFault.Lost:
                throw new IOException("the test's store lost the write");
            case StoreFault.AppliedThenLost:
                Write(Key(stateName, grainId), bytes, grainState);
                throw new IOException("the test's store lost the answer");
            case StoreFault.Hangs:
                Hanging.TrySetResult();
                await Release.Task;
                WriteReleased(Key(stateName, grainId), bytes, grainState);
                break;
            default:
                Write(Key(stateName, grainId), bytes, grainState);
                break;
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _states.TryRemove(Key(stateName, grainId), out _);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        return Task.CompletedTask;
    }

    private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";

    private void WriteReleased<T>(string key, byte[] bytes, IGrainState<T> grainState)
    {
        try
        {
            Write(key, bytes, grainState);
            Released.SetResult(null);
        }
        catch (InconsistentStateException conflict)
        {
            Released.SetResult(conflict);
            throw;
        }
    }

    private void Write<T>(string key, byte[] bytes, IGrainState<T> grainState)
    {
        var current = _states.TryGetValue(key, out var stored) ? stored.ETag : null;
        if (!string.Equals(current, grainState.ETag, StringComparison.Ordinal))
        {
            throw new InconsistentStateException("the test's store has another ETag", current ?? "", grainState.ETag ?? "");
        }

        var tag = NextTag();
        _states[key] = (bytes, tag);
        (grainState.ETag, grainState.RecordExists) = (tag, true);
    }

    private string NextTag() => Interlocked.Increment(ref _tag).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
