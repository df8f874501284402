using System.Collections.Concurrent;
using System.Threading.Channels;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>Requests from a queue against a process that may be killed meanwhile. Each goes out once: what the kill cut is not repeated.</summary>
internal sealed class KilledLoad
{
    private readonly ConcurrentDictionary<int, int> _ended = new();
    private readonly ConcurrentBag<int> _cut = [];
    private readonly Channel<int> _signals = Channel.CreateUnbounded<int>();

    /// <summary>Status of each request whose answer was read to its end.</summary>
    public IReadOnlyDictionary<int, int> Ended => _ended;

    /// <summary>Requests that were under way when the process died.</summary>
    public IReadOnlyCollection<int> Cut => _cut;

    /// <summary>Sends what is in <paramref name="left"/>, every second one a stream, until it is empty or the process is gone.</summary>
    public Task RunAsync(GatewayProcess gateway, ConcurrentQueue<int> left, int parallel) =>
        Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => WorkAsync(gateway, left)));

    /// <summary>Returns when so many requests have ended.</summary>
    public async Task EndedAsync(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await _signals.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task WorkAsync(GatewayProcess gateway, ConcurrentQueue<int> left)
    {
        while (left.TryDequeue(out var i))
        {
            try
            {
                var answer = await gateway.ChatAsync($"m-{i:000}", $"caller=alice request {i} words={5 + (i % 7)}", stream: i % 2 == 0);
                Assert.True(i % 2 != 0 || answer.Status != 200 || answer.EndsCleanly, answer.Body);
                _ended[i] = answer.Status;
                _signals.Writer.TryWrite(i);
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException)
            {
                _cut.Add(i);
                return;
            }
        }
    }
}
