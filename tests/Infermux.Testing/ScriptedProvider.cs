using System.Globalization;

namespace Infermux.Testing;

/// <summary>
/// A provider on a real loopback port that speaks the wire dialects, misbehaves on request and keeps its own books: the other side of what a router
/// says it sent and spent. Thread-safe.
/// </summary>
public sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly ScriptedProviderOptions _options;
    private readonly TruthBook _book;
    private readonly BehaviourBook _behaviours;
    private ProviderHost? _host;

    private ScriptedProvider(ScriptedProviderOptions options)
    {
        _options = options;
        _book = new TruthBook(options);
        _behaviours = new BehaviourBook(options);
    }

    /// <summary>The loopback port; kept over <see cref="StopListeningAsync"/>.</summary>
    public int Port { get; private set; }

    /// <summary>
    /// The root, without a path: the base URL of type <c>anthropic</c>, <c>gemini</c>, <c>ollama</c> and <c>azure_openai</c>.
    /// </summary>
    public string BaseUrl => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>The root with <c>/v1</c>: the base URL of type <c>openai</c>.</summary>
    public string OpenAiBaseUrl => $"{BaseUrl}/v1";

    /// <summary>How inference requests are treated for which nothing is queued and the rule says nothing.</summary>
    public Behaviour Behaviour
    {
        get => _behaviours.Standing;
        set => _behaviours.Standing = value;
    }

    /// <summary>How model listings, the usual health check, are treated.</summary>
    public Behaviour ListingBehaviour
    {
        get => _behaviours.Listing;
        set => _behaviours.Listing = value;
    }

    /// <summary>Decides by request; null from it means the standing behaviour. Null: no rule.</summary>
    public Func<ScriptedRequest, Behaviour?>? Rule
    {
        get => _behaviours.Rule;
        set => _behaviours.Rule = value;
    }

    /// <summary>The sums now.</summary>
    public ProviderTruth Truth => _book.Snapshot();

    /// <summary>The records kept, oldest first, those in flight included.</summary>
    public IReadOnlyList<RequestRecord> Requests => _book.Records();

    /// <summary>Starts one and returns when it listens.</summary>
    public static async Task<ScriptedProvider> StartAsync(ScriptedProviderOptions? options = null, CancellationToken cancellationToken = default)
    {
        var provider = new ScriptedProvider(options ?? new ScriptedProviderOptions());
        await provider.StartListeningAsync(cancellationToken);
        return provider;
    }

    /// <summary>Treats the next requests so, one each, before anything else is asked.</summary>
    public void Enqueue(params ReadOnlySpan<Behaviour> behaviours)
    {
        foreach (var behaviour in behaviours)
        {
            _behaviours.Enqueue(behaviour);
        }
    }

    /// <summary>Nothing queued, no rule, calm. The books stay.</summary>
    public void CalmDown() => _behaviours.Calm();

    /// <summary>Empties the books. Requests in flight stay in them.</summary>
    public void ClearBooks() => _book.Clear();

    /// <summary>Waits until the books show something: a signal, not a pause.</summary>
    /// <exception cref="OperationCanceledException">It did not come about in time.</exception>
    public Task<ProviderTruth> WaitForAsync(Func<ProviderTruth, bool> condition, CancellationToken cancellationToken) =>
        _book.WaitForAsync(condition, cancellationToken);

    /// <summary>Resets every connection and closes the port, as a killed process does; the next connection is refused.</summary>
    public async Task StopListeningAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>Listens again on the same port.</summary>
    public async Task StartListeningAsync(CancellationToken cancellationToken = default)
    {
        if (_host is null)
        {
            _host = await ProviderHost.StartAsync(_options, Port == 0 ? _options.Port : Port, _book, _behaviours, cancellationToken);
            Port = _host.Port;
        }
    }

    /// <summary>Stops as <see cref="StopListeningAsync"/> does.</summary>
    public async ValueTask DisposeAsync() => await StopListeningAsync();
}
