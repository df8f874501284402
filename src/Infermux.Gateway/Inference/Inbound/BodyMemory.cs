using Infermux.Core.Configuration;

namespace Infermux.Gateway.Inference.Inbound;

/// <summary>Bounds the bytes of all request bodies in flight (<c>limits.max_body_memory</c>), so that many large bodies are refused before memory ends.</summary>
internal sealed class BodyMemory(ICurrentConfiguration configuration)
{
    private static readonly long QuarterOfMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;
    private long _used;

    public bool TryTake(long bytes)
    {
        var limit = configuration.Current.Options.Limits.MaxBodyMemory ?? QuarterOfMemory;
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _used, -bytes);
}
