using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>What breaks on the way to the caller is no provider's fault, is billed once, and is never tried again elsewhere.</summary>
public sealed class BrokenCallerTests
{
    private const string Caller = "X-Infermux-Caller=alice";

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Caller_BreaksAtTheLastWrite_IsChargedOnceAndNobodyIsMarkedOrAskedAgain(bool stream, bool hangsUp)
    {
        await using var primary = await StartProviderAsync();
        await using var second = await StartProviderAsync();
        await using var gateway = await StartAsync(
            new BrokenCaller(text => text.Contains(stream ? "[DONE]" : "\"message\"", StringComparison.Ordinal), hangsUp),
            _ => { },
            Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second"));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.ChatAsync(stream: stream, headers: Caller));

        await SettledAsync(gateway, primary.Truth.Cost);
        Assert.Equal((1, 0), (primary.Truth.Requests, second.Truth.Requests));
        await UnmarkedAsync(gateway, status: 499);
    }

    [Fact]
    public async Task Caller_HangsUpAtTheTerminalMark_WasAnswered()
    {
        await using var provider = await StartProviderAsync();
        await using var gateway = await StartAsync(
            new BrokenCaller(text => text.Contains("[DONE]", StringComparison.Ordinal), hangsUp: true) { After = true },
            _ => { },
            Setup.OpenAi(provider, "primary"));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.ChatAsync(stream: true, headers: Caller)); // this client reads on to the last chunk

        await SettledAsync(gateway, provider.Truth.Cost);
        await UnmarkedAsync(gateway, status: 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caller_OfAVendorThatBillsOnBreaksInTheMiddle_TheStreamIsReadToItsEndAndSettledExactly(bool hangsUp)
    {
        await using var provider = await StartProviderAsync();
        provider.Behaviour = Behaviour.Says("one two three four") with { ChunkInterval = TimeSpan.FromMilliseconds(20) };
        await using var gateway = await StartAsync(
            new BrokenCaller(text => text.Contains("two", StringComparison.Ordinal), hangsUp),
            services => HookedTransport.Redirect(services, provider.Port),
            Setup.OpenAi(provider, "primary") with { BaseUrl = "http://generativelanguage.googleapis.com/v1" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => gateway.ChatAsync(stream: true, headers: Caller));

        await provider.WaitForAsync(t => t.Answered == 1, TestContext.Current.CancellationToken);
        await SettledAsync(gateway, provider.Truth.Cost);
        Assert.Equal(0m, (await AccountAsync(gateway)).Estimated);
        await UnmarkedAsync(gateway, status: 499);
    }

    private static Task<ScriptedProvider> StartProviderAsync() =>
        ScriptedProvider.StartAsync(new() { DefaultPrice = new ScriptedPrice(10m, 30m) }, TestContext.Current.CancellationToken);

    private static Task<TestGateway> StartAsync(BrokenCaller broken, Action<IServiceCollection> replace, params ProviderOptions[] providers) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, providers)
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.HardStop }),
        replace: services => replace(services.AddSingleton<IStartupFilter>(broken)));

    private static async Task SettledAsync(TestGateway gateway, decimal expected)
    {
        AccountView? view = null;
        await TestGateway.UntilAsync(async () => (view = await AccountAsync(gateway)) is { OpenHolds: 0, Settled: > 0m }, "the request is settled");
        Assert.Equal((expected, 0m), (view!.Settled, view.Unsettled));
    }

    private static async Task UnmarkedAsync(TestGateway gateway, int status)
    {
        var row = await gateway.OnlyRequestAsync();
        Assert.Equal(status, (int)row["status"]!);
        var attempt = Assert.Single(row["attempts"]!.AsArray())!;
        Assert.Null(attempt["failure"]);
        Assert.Equal("Closed", (await gateway.Grains.GetGrain<IProviderGrain>("primary").GetAsync()).Circuit.ToString());
    }

    private static async Task<AccountView> AccountAsync(TestGateway gateway) => await gateway.Grains.GetGrain<ICallerBudgetGrain>("alice").GetAsync();
}
