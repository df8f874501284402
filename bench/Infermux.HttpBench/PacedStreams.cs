using System.Collections.Concurrent;
using System.Globalization;

namespace Infermux.HttpBench;

/// <summary>Opens many paced streams at once and reports, for each chunk, how long it took from the upstream's write to here, and which are missing.</summary>
internal static class PacedStreams
{
    private const int ChunksPerStream = 200;

    public static async Task<int> RunAsync(string baseUrl, int count, int seconds, string model)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = count, UseProxy = false });
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var delays = new ConcurrentBag<double>();
        var missing = 0;
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var got = await ReadAsync(client, baseUrl, model, delays, limit.Token);
            Interlocked.Add(ref missing, ChunksPerStream - got);
        }));
        var sorted = delays.Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"streams={count} chunks={sorted.Length} missing={missing} delay_ms_p50={At(sorted, 0.50):0.000} delay_ms_p99={At(sorted, 0.99):0.000}"));
        return missing == 0 ? 0 : 1;
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)((sorted.Length - 1) * share)];

    private static async Task<int> ReadAsync(HttpClient client, string baseUrl, string model, ConcurrentBag<double> delays, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{baseUrl}/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{model}}","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"count"}]}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", "bench");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var got = 0;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var at = line.IndexOf("\"content\":\"0", StringComparison.Ordinal); // not the empty one that some begin with
            if (at < 0)
            {
                continue;
            }

            var sent = long.Parse(line.AsSpan(at + 11 + 7, 19), CultureInfo.InvariantCulture);
            delays.Add(TimeProvider.System.GetElapsedTime(sent).TotalMilliseconds);
            got++;
        }

        return got;
    }
}
