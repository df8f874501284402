using System.Globalization;

namespace Infermux.Cluster.Load;

/// <summary>
/// Callers that send at their own rate whatever the answers do (open loop), beside long streams that are always there. Each request goes out once.
/// </summary>
internal sealed class SteadyLoad(Callers callers, CallLog log, TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Names of the callers, by turns.</summary>
    public IReadOnlyList<string> Names { get; init; } = Named(64);

    public string Model { get; init; } = "gpt-4o-mini";

    /// <summary>Whole requests in a second.</summary>
    public double PerSecond { get; init; } = 60;

    /// <summary>Streams open at once; one that ends is followed by the next.</summary>
    public int Streams { get; init; }

    /// <summary>Words of a stream's answer; how fast they come is the provider's script.</summary>
    public int StreamWords { get; init; } = 40;

    public static IReadOnlyList<string> Named(int callers) =>
        [.. Enumerable.Range(0, callers).Select(n => string.Create(CultureInfo.InvariantCulture, $"c-{n:000}"))];

    /// <summary>Sends until <paramref name="ending"/> is cancelled; returns when all that went out has ended.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        var streams = Enumerable.Range(0, Streams).Select(n => StreamAsync(n, ending)).ToArray();
        var sent = new List<Task>();
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, time);
        while (!ending.IsCancellationRequested)
        {
            while (sent.Count < time.GetElapsedTime(started).TotalSeconds * PerSecond)
            {
                sent.Add(CallAsync(new Call(Names[sent.Count % Names.Count], Model, Stream: false, Words: 5 + (sent.Count % 7), MaxTokens: 20)));
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        await Task.WhenAll([.. sent, .. streams]);
    }

    private async Task StreamAsync(int place, CancellationToken ending)
    {
        for (var turn = 0; !ending.IsCancellationRequested; turn++)
        {
            await CallAsync(new Call(Names[(place + (turn * Streams)) % Names.Count], Model, Stream: true, StreamWords, MaxTokens: StreamWords));
        }
    }

    private async Task CallAsync(Call call) => log.Add(await callers.CallAsync(call, CancellationToken.None));
}
