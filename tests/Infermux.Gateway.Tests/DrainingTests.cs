using Infermux.Core.Configuration;
using Infermux.Gateway.Hosting;
using Infermux.Gateway.Inference;
using Infermux.Gateway.Tests.Support;
using Infermux.Hosting.Ending;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Infermux.Gateway.Tests;

/// <summary>Requests that come while this process drains.</summary>
public sealed class DrainingTests
{
    [Fact]
    public async Task Request_DuringTheLinger_IsServedAndItsConnectionClosed()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        var active = gateway.Services.GetRequiredService<ActiveRequests>();

        active.Drain();
        var during = await gateway.ChatAsync();

        Assert.Equal((200, "close"), (during.Status, during.Header("Connection")));
        Assert.Equal(1, provider.Truth.Requests);
    }

    [Fact]
    public async Task Drain_OfACluster_LingersThenGivesStreamsTheWholeDrain()
    {
        using var haste = new ShutdownHaste();
        var (time, active, drain) = Cluster(haste);

        var stopping = drain.StoppingAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.False(stopping.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        await stopping;
        time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        Assert.False(active.Ended.IsCancellationRequested);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(active.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Drain_ASecondSignal_EndsLingerAndStreams()
    {
        using var haste = new ShutdownHaste();
        var (_, active, drain) = Cluster(haste);

        var stopping = drain.StoppingAsync(TestContext.Current.CancellationToken);
        haste.Hurry();

        await stopping;
        Assert.True(active.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Request_WhoseProviderIsChosenAfterTheDrain_IsRefusedAndNotSent()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        gateway.Services.GetRequiredService<ActiveRequests>().EndAll();

        var answer = await gateway.ChatAsync();

        Assert.Equal((503, "overloaded"), (answer.Status, answer.Header("X-Infermux-Error")));
        Assert.Equal(0, provider.Truth.Requests);
        var attempts = (await gateway.GetJsonAsync("/_infermux/requests")).AsArray()[0]!["cost_usd"]!.GetValue<decimal>();
        Assert.Equal(0m, attempts);
    }

    private static (FakeTimeProvider Time, ActiveRequests Active, Drain Drain) Cluster(ShutdownHaste haste)
    {
        var options = new InfermuxOptions
        {
            Cluster = new ClusterOptions { Store = StoreKind.Redis },
            Shutdown = new ShutdownOptions { Linger = TimeSpan.FromSeconds(3), Drain = TimeSpan.FromSeconds(60) },
        };
        var (time, active) = (new FakeTimeProvider(), new ActiveRequests());
        return (time, active, new(new FixedFile { Options = options }, active, haste, time, NullLogger<Drain>.Instance));
    }
}
