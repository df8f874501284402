using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace Infermux.Cluster.Network;

/// <summary>Asks the <c>/readyz</c> of each port over and over, as a balancer does.</summary>
internal sealed class Readiness : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>A frozen process accepts connections and says nothing; a starved one may take a while.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, bool> _left = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(1) }) { Timeout = AnswersWithin };
    private readonly Task _probing;

    public Readiness(IReadOnlyList<int> ports, TimeProvider time) => _probing = Task.WhenAll(ports.Select(port => ProbeAsync(port, time)));

    /// <summary>Whether it answered well when last asked; true before.</summary>
    public bool IsReady(int port) => !_left.ContainsKey(port);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _probing;
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task ProbeAsync(int port, TimeProvider time)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/readyz"));
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                if (await AnswersAsync(address))
                {
                    _left.TryRemove(port, out _);
                }
                else
                {
                    _left[port] = true;
                }
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The balancer is gone.
        }
    }

    private async Task<bool> AnswersAsync(Uri address)
    {
        try
        {
            using var response = await _client.GetAsync(address, _stopping.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException && !_stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
