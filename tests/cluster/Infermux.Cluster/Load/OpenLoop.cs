using System.Text;

namespace Infermux.Cluster.Load;

/// <summary>
/// 1 KB requests at a rate of their own, whatever the answers do, to some addresses by turns. As little as a caller can be: what it costs is taken from what is
/// measured.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 500 })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    private readonly IReadOnlyList<Uri> _addresses;
    private readonly IReadOnlyList<string> _callers;
    private readonly byte[] _body;
    private readonly TimeProvider _time;

    public OpenLoop(IReadOnlyList<Uri> addresses, IReadOnlyList<string> callers, TimeProvider time)
    {
        (_addresses, _callers, _time) = ([.. addresses.Select(address => new Uri(address, "/v1/chat/completions"))], callers, time);
        _body = Encoding.UTF8.GetBytes(
            $$"""{"model":"gpt-4o-mini","max_tokens":200,"messages":[{"role":"user","content":"words=150 {{new string('y', 900)}}"}]}""");
    }

    /// <summary>Returns when all that went out is answered: what each caller waited, ms, and how many answers were no 200.</summary>
    public async Task<(IReadOnlyList<(string Caller, double Milliseconds)> Waits, int Failed)> RunAsync(double perSecond, TimeSpan duration)
    {
        var sent = new List<Task<(string Caller, double Milliseconds, bool Well)>>();
        var started = _time.GetTimestamp();
        using var timer = new PeriodicTimer(Tick, _time);
        while (_time.GetElapsedTime(started) < duration)
        {
            while (sent.Count < _time.GetElapsedTime(started).TotalSeconds * perSecond)
            {
                sent.Add(SendAsync(_addresses[sent.Count % _addresses.Count], _callers[sent.Count / _addresses.Count % _callers.Count]));
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        var ends = await Task.WhenAll(sent);
        return ([.. ends.Select(end => (end.Caller, end.Milliseconds))], ends.Count(end => !end.Well));
    }

    public void Dispose() => _client.Dispose();

    private async Task<(string Caller, double Milliseconds, bool Well)> SendAsync(Uri address, string caller)
    {
        var due = _time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(_body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("X-Infermux-Caller", caller);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
            return (caller, _time.GetElapsedTime(due).TotalMilliseconds, answer.IsSuccessStatusCode);
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException)
        {
            return (caller, _time.GetElapsedTime(due).TotalMilliseconds, false);
        }
    }
}
