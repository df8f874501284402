using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Hosting;
using Infermux.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests.Support;

/// <summary>A whole gateway with its silo on a free port, over real sockets; the memory store unless a test says otherwise.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly GatewayHost _host;

    private TestGateway(GatewayHost host, Uri address)
    {
        _host = host;
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(1),
        };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk-callers-own");
    }

    public HttpClient Client { get; }

    public Uri Address => Client.BaseAddress!;

    public IServiceProvider Services => _host.App.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Of <c>management_listen</c>, where it is set.</summary>
    public Uri ManagementAddress => new(_host.App.Urls.Last());

    public static async Task<TestGateway> StartAsync(InfermuxOptions options, string? managementToken = null, Action<IServiceCollection>? replace = null)
    {
        var configured = options with
        {
            Listen = "127.0.0.1:0",
            Log = new LogOptions { Level = LogThreshold.Warn },
            Cluster = options.Cluster with { Store = options.Cluster.Store == StoreKind.Embedded ? StoreKind.Memory : options.Cluster.Store },
        };
        return await StartAsync(LoadedConfiguration.Of(configured), managementToken, replace);
    }

    public static async Task<TestGateway> StartAsync(LoadedConfiguration loaded, string? managementToken = null, Action<IServiceCollection>? replace = null)
    {
        var options = new GatewayHostOptions { HealthChecksAtStart = false, ManagementToken = new(managementToken), Replace = replace ?? (static _ => { }) };
        var host = await GatewayHost.BuildAsync(loaded, options, CancellationToken.None);
        await host.App.StartAsync();
        return new TestGateway(host, new Uri(host.App.Urls.First()));
    }

    /// <summary>One chat request; headers as <c>name=value</c>.</summary>
    public async Task<Answer> ChatAsync(string model = "gpt-4o-mini", string prompt = "hello", bool stream = false, JsonObject? more = null, params string[] headers)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = prompt }),
        };
        if (stream)
        {
            body["stream"] = true;
        }

        foreach (var (key, value) in more ?? [])
        {
            body[key] = value?.DeepClone();
        }

        return await PostAsync("/v1/chat/completions", body.ToJsonString(), headers);
    }

    public async Task<Answer> PostAsync(string path, string body, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var header in headers)
        {
            var cut = header.IndexOf('=', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..cut], header[(cut + 1)..]);
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public async Task<JsonNode> GetJsonAsync(string path) =>
        JsonNode.Parse(await Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken))!;

    /// <summary>What is kept of the one request that was sent, once it is over.</summary>
    public async Task<JsonNode> OnlyRequestAsync()
    {
        JsonArray rows = [];
        await UntilAsync(async () => (rows = (await GetJsonAsync("/_infermux/requests")).AsArray()).Count > 0, "the request is over");
        return Assert.Single(rows)!;
    }

    /// <summary>Asks again until it holds; the test's own token bounds the wait.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            Assert.False(limit.IsCancellationRequested, $"Not within 20 s: {what}");
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _host.App.StopAsync();
        await _host.DisposeAsync();
    }
}
