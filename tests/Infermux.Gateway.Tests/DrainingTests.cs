using Infermux.Core.Configuration;
using Infermux.Gateway.Hosting;
using Infermux.Gateway.Inference;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
    public async Task Drain_UnderLoadThatNeverPauses_EndsLongBeforeItsLimitAndServesAllThatItLetIn()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with { HeadDelay = TimeSpan.FromMilliseconds(50) };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")) with
        {
            Shutdown = new ShutdownOptions { Drain = TimeSpan.FromMinutes(5) },
        });
        var callers = Enumerable.Range(0, 8).Select(_ => AskUntilTurnedAwayAsync(gateway)).ToArray();
        await provider.WaitForAsync(t => t.Answered > 8, TestContext.Current.CancellationToken);

        var drain = gateway.Services.GetServices<IHostedService>().OfType<Drain>().Single();
        await drain.StoppingAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.All(await Task.WhenAll(callers), last => Assert.Equal((503, "overloaded"), (last.Status, last.Header("X-Infermux-Error"))));
        Assert.Equal(provider.Truth.Requests, provider.Truth.Answered);
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

    /// <summary>The answer that was no 200.</summary>
    private static async Task<Answer> AskUntilTurnedAwayAsync(TestGateway gateway)
    {
        while (true)
        {
            var answer = await gateway.ChatAsync();
            if (answer.Status != 200)
            {
                return answer;
            }
        }
    }
}
