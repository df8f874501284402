using Infermux.Core.Configuration;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>
/// One gateway and its scripted providers for all tests of a class, which come one after another: each begins with providers as they were started, their books
/// empty, circuits closed. For tests that change neither configuration nor accounts.
/// </summary>
public sealed class SharedGateway : IAsyncLifetime
{
    private readonly List<ScriptedProvider> _providers = [];
    private TestGateway? _gateway;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }
    }

    /// <summary>Begins a test: the first one of the class starts what is shared.</summary>
    internal async Task<(TestGateway Gateway, IReadOnlyList<ScriptedProvider> Providers)> BeginAsync(
        ScriptedProviderOptions[] providers, Func<IReadOnlyList<ScriptedProvider>, InfermuxOptions> configured)
    {
        if (_gateway is null)
        {
            foreach (var options in providers)
            {
                _providers.Add(await ScriptedProvider.StartAsync(options, TestContext.Current.CancellationToken));
            }

            _gateway = await TestGateway.StartAsync(configured(_providers));
        }
        else
        {
            await CalmAsync(_gateway, providers);
        }

        return (_gateway, _providers);
    }

    private async Task CalmAsync(TestGateway gateway, ScriptedProviderOptions[] options)
    {
        foreach (var (provider, its) in _providers.Zip(options))
        {
            await provider.WaitForAsync(static truth => truth.InFlight == 0, TestContext.Current.CancellationToken);
            provider.CalmDown();
            provider.Behaviour = its.Behaviour;
            provider.ClearBooks();
        }

        foreach (var provider in (await gateway.GetJsonAsync("/_infermux/providers")).AsArray())
        {
            var reset = new Uri($"/_infermux/providers/{provider!["name"]!.GetValue<string>()}/circuit/reset", UriKind.Relative);
            using var answer = await gateway.Client.PostAsync(reset, null, TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }
}
