using Infermux.Core.Configuration;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>
/// Gateways and their scripted providers for all tests of a class, which come one after another: each begins with providers as they were started, their books
/// empty, circuits closed. For tests that change neither configuration nor accounts.
/// </summary>
public sealed class SharedGateway : IAsyncLifetime
{
    private readonly List<ScriptedProvider> _providers = [];
    private readonly Dictionary<string, TestGateway> _gateways = new(StringComparer.Ordinal);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways.Values)
        {
            await gateway.DisposeAsync();
        }

        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }
    }

    /// <summary>Begins a test of a class with one gateway.</summary>
    internal async Task<(TestGateway Gateway, IReadOnlyList<ScriptedProvider> Providers)> BeginAsync(
        ScriptedProviderOptions[] providers, Func<IReadOnlyList<ScriptedProvider>, InfermuxOptions> configured)
    {
        await ProvidersAsync(providers);
        return (await GatewayAsync(configured), _providers);
    }

    /// <summary>Begins a test: the first of the class starts the providers, the others calm them.</summary>
    internal async Task<IReadOnlyList<ScriptedProvider>> ProvidersAsync(params ScriptedProviderOptions[] options)
    {
        foreach (var its in options.Skip(_providers.Count))
        {
            _providers.Add(await ScriptedProvider.StartAsync(its, TestContext.Current.CancellationToken));
        }

        foreach (var (provider, its) in _providers.Zip(options))
        {
            await provider.WaitForAsync(static truth => truth.InFlight == 0, TestContext.Current.CancellationToken);
            provider.CalmDown();
            provider.Behaviour = its.Behaviour;
            provider.ClearBooks();
        }

        return _providers;
    }

    /// <summary>The gateway of this name, which the first test to ask for it starts.</summary>
    internal async Task<TestGateway> GatewayAsync(Func<IReadOnlyList<ScriptedProvider>, InfermuxOptions> configured, string name = "")
    {
        if (!_gateways.TryGetValue(name, out var gateway))
        {
            return _gateways[name] = await TestGateway.StartAsync(configured(_providers));
        }

        foreach (var provider in (await gateway.GetJsonAsync("/_infermux/providers")).AsArray())
        {
            var reset = new Uri($"/_infermux/providers/{provider!["name"]!.GetValue<string>()}/circuit/reset", UriKind.Relative);
            using var answer = await gateway.Client.PostAsync(reset, null, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        return gateway;
    }
}
