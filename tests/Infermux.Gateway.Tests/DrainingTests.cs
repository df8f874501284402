using Infermux.Core.Configuration;
using Infermux.Gateway.Inference;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;

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
}
