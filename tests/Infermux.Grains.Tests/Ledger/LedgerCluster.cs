using Infermux.Grains.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Xunit;

namespace Infermux.Grains.Tests.Ledger;

/// <summary>One silo for all tests of a class; they use years of their own.</summary>
public sealed class LedgerCluster : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;
    private int _years;

    internal FaultyLedgerStore Store { get; } = new();

    internal IClusterClient Client => _cluster.Client;

    internal DateTimeOffset AnotherYear() => LedgerRows.Hour.AddYears(++_years);

    public async ValueTask InitializeAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) => silo.Services.AddSingleton<ILedgerStore>(Store).AddLedger());
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
