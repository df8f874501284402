using System.Collections.Concurrent;
using System.Globalization;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>Requests from a queue against a process that may be killed meanwhile. Each goes out once: what the kill cut is not repeated.</summary>
internal sealed class KilledLoad
{
    private readonly ConcurrentDictionary<int, Answer> _ended = new();
    private readonly ConcurrentDictionary<int, Exception> _cut = new();

    /// <summary>Each answer that was read to its end.</summary>
    public IReadOnlyDictionary<int, Answer> Ended => _ended;

    /// <summary>Requests that were under way when the process died, and what their callers met.</summary>
    public IReadOnlyDictionary<int, Exception> Cut => _cut;

    /// <summary>Sends what is in <paramref name="left"/>, three of four as streams, until it is empty or the process is gone.</summary>
    public Task RunAsync(GatewayProcess gateway, ConcurrentQueue<int> left, int parallel) =>
        Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => WorkAsync(gateway, left)));

    /// <summary>The model that a request asks for: one for each, so that the ledger tells them apart.</summary>
    public static string ModelOf(int request) => string.Create(CultureInfo.InvariantCulture, $"m-{request:000}");

    private async Task WorkAsync(GatewayProcess gateway, ConcurrentQueue<int> left)
    {
        while (left.TryDequeue(out var i))
        {
            try
            {
                var answer = await gateway.ChatAsync(ModelOf(i), $"caller=alice request {i} words={5 + (i % 7)}", stream: i % 4 != 0);
                Assert.True(i % 4 == 0 || answer.Status != 200 || answer.EndsCleanly, answer.Body);
                _ended[i] = answer;
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException)
            {
                _cut[i] = killed;
                return;
            }
        }
    }
}
