using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class BudgetTests
{
    private const string Caller = "X-Infermux-Caller=alice";

    [Fact]
    public async Task HardStop_Under500ParallelRequests_GrantsNothingOverTheLimitAndTheBooksBalance()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = new ScriptedPrice(10m, 30m) }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.01m, Action = BudgetAction.HardStop }));

        var cap = new JsonObject { ["max_tokens"] = 20 };
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => gateway.ChatAsync(prompt: "caller=alice hello", more: cap, headers: Caller)));

        Assert.Contains(answers, a => a.Status == 200);
        Assert.Contains(answers, a => a.Status == 429);
        Assert.All(answers, a => Assert.True(a.Status is 200 or 429, a.Body));
        var refused = answers.First(a => a.Status == 429);
        Assert.Equal("budget_exceeded", refused.Header("X-Infermux-Error"));
        Assert.Equal("false", refused.Header("x-should-retry"));
        Assert.Equal(0.01m, refused.Json["error"]!["limit_usd"]!.GetValue<decimal>());
        var account = await QuietAsync(gateway, "alice");
        Assert.True(account.Settled <= 0.01m);
        Assert.Equal(provider.Truth.Cost, account.Settled);
        Assert.Equal(0m, account.Reserved);
        Assert.Equal(0m, account.Excess);
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/costs"))["total_usd"]!.GetValue<decimal>() == provider.Truth.Cost,
            "the ledger equals the provider's bill");
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}""", "4096")]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o-mini","max_tokens":7,"messages":[{"role":"user","content":"hi"}]}""", null)] // the caller's own
    [InlineData("/v1/completions", """{"model":"gpt-4o-mini","prompt":"hi"}""", "4096")]
    [InlineData("/v1/embeddings", """{"model":"gpt-4o-mini","input":"hi"}""", null)] // has no output to cap
    public async Task HardStop_OutputCap_IsSentAndNamedWhereItIsOurs(string path, string body, string? named)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 1m, 1m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 1m, Action = BudgetAction.HardStop }));

        var answer = await gateway.PostAsync(path, body, Caller);

        Assert.Equal(200, answer.Status);
        Assert.Equal(named, answer.Header("X-Infermux-Max-Tokens"));
        Assert.Equal(named is not null, provider.Requests[^1].Body.Contains("4096", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusal_OverAHardLimit_SaysItsFiguresAndWhenToComeBack()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = new ScriptedPrice(10m, 30m) }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.01m, Action = BudgetAction.HardStop, Period = BudgetPeriod.Month }));
        Assert.Equal(200, (await gateway.ChatAsync(more: new JsonObject { ["max_tokens"] = 20 }, headers: Caller)).Status);
        await QuietAsync(gateway, "alice");
        Assert.True(provider.Truth.Cost > 0m);

        var refused = await gateway.ChatAsync(more: new JsonObject { ["max_tokens"] = 1000 }, headers: Caller);

        var now = TimeProvider.System.GetUtcNow();
        var error = refused.Json["error"]!;
        Assert.Equal((429, "budget_exceeded", "budget_exceeded"), (refused.Status, error["code"]!.GetValue<string>(), refused.Header("X-Infermux-Error")));
        Assert.Equal((0.01m, provider.Truth.Cost, 0m), (Number(error, "limit_usd"), Number(error, "spent_usd"), Number(error, "reserved_usd")));
        Assert.InRange(Number(error, "requested_usd"), 0.03m, 0.04m); // 1000 tokens of output, and the prompt
        var end = error["period_end"]!.GetValue<DateTimeOffset>();
        Assert.Equal((1, TimeSpan.Zero, TimeSpan.Zero), (end.Day, end.TimeOfDay, end.Offset));
        Assert.InRange(end - now, TimeSpan.Zero, TimeSpan.FromDays(31));
        var seconds = int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(seconds, (int)Number(error, "retry_after_seconds"));
        Assert.InRange(seconds - (end - now).TotalSeconds, -1, 10);
        Assert.Equal("false", refused.Header("x-should-retry"));
        Assert.Contains("0.01 USD is used up", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Lower max_tokens", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(1, provider.Truth.Requests);
    }

    [Fact]
    public async Task Failover_ToADearerProvider_NeverGoesOutUnreserved()
    {
        await using var cheap = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var dear = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        cheap.Behaviour = Behaviour.Fails(500);
        var options = Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(cheap, "cheap"), Setup.OpenAi(dear, "dear")).Priced("gpt-4o-mini", 1m, 1m);
        var prices = options.Pricing.Overrides.ToDictionary(StringComparer.Ordinal);
        prices["dear"] = new Dictionary<string, Core.Pricing.PriceOverride>(StringComparer.Ordinal)
        {
            ["gpt-4o-mini"] = new() { InputPerMillion = 1_000_000m, OutputPerMillion = 1_000_000m },
        };
        await using var gateway = await TestGateway.StartAsync((options with { Pricing = new PricingOptions { Overrides = prices } })
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 1m, Action = BudgetAction.HardStop }));

        var answer = await gateway.ChatAsync(more: new JsonObject { ["max_tokens"] = 10 }, headers: Caller);

        Assert.Equal(429, answer.Status);
        Assert.Equal("budget_exceeded", answer.Header("X-Infermux-Error"));
        Assert.Equal(0, dear.Truth.Requests);
        var account = await QuietAsync(gateway, "alice");
        Assert.Equal(0m, account.Settled);
    }

    [Fact]
    public async Task ModelOverride_AtTheLimit_ReroutesToTheCheaperModelAndSaysSo()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o", 1000m, 1000m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 0.000001m, Action = BudgetAction.ModelOverride, ModelOverride = "gpt-4o-mini" }));

        var answer = await gateway.ChatAsync(model: "gpt-4o", headers: Caller);

        Assert.Equal(200, answer.Status);
        Assert.Equal("gpt-4o-mini", answer.Header("X-Infermux-Model-Override"));
        Assert.Equal("gpt-4o-mini", provider.Requests[0].Model);
        Assert.Equal("gpt-4o", answer.Json["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stream_WithABudget_SettlesWhatTheProviderBilled()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = new ScriptedPrice(10m, 30m) }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.HardStop }));

        var answer = await gateway.ChatAsync(stream: true, headers: Caller);

        Assert.True(answer.EndsCleanly, answer.Body);
        Assert.DoesNotContain("\"usage\":{", answer.Body, StringComparison.Ordinal);
        Assert.Equal(provider.Truth.Cost, decimal.Parse(answer.Trailers["X-Infermux-Cost"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(provider.Truth.Cost, (await QuietAsync(gateway, "alice")).Settled);
    }

    /// <summary>Fails where the field is text and not a number.</summary>
    private static decimal Number(JsonNode error, string field) => error[field]!.GetValue<decimal>();

    private static async Task<AccountView> QuietAsync(TestGateway gateway, string account)
    {
        AccountView? view = null;
        await TestGateway.UntilAsync(
            async () => (view = await gateway.Grains.GetGrain<ICallerBudgetGrain>(account).GetAsync()).OpenHolds == 0,
            "no hold is open");
        return view!;
    }
}
