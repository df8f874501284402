using System.Net;
using System.Text.Json;
using Infermux.Core.Costs;
using Infermux.Gateway.Costs;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Gateway.Tests.Costs;

public sealed class CostEndpointsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 30, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly CostLedger _ledger = new();
    private readonly Dictionary<string, Func<AccountView>> _accounts = new(StringComparer.Ordinal);
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new CostReports(_ledger, Account, _time));
        _app = builder.Build();
        _app.MapCosts();
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Costs_OfTheMonth_AreInTheDocumentedShapeToTheLastDigit()
    {
        Spent(0.1m, provider: "openai", model: "gpt-4o");
        Spent(0.2000000000000000000000001m, provider: "openai", model: "gpt-4o-mini");
        Spent(0.5m, provider: "anthropic", model: "claude");
        Spent(99m, at: Now.AddMonths(-1));
        await ExpectAsync(
            "/_infermux/costs",
            """
            {"period":"2026-11","total_usd":0.8000000000000000000000001,"by_provider":{"anthropic":0.5,"openai":0.3000000000000000000000001},
            "by_model":{"claude":0.5,"gpt-4o-mini":0.2000000000000000000000001,"gpt-4o":0.1},"requests":3,"prompt_tokens":30,"completion_tokens":60}
            """);
    }

    [Fact]
    public async Task ByCaller_WithAndWithoutBudgets_ShowsBudgetFieldsOnlyWhereThereIsOne()
    {
        _accounts["team-a"] = () => new AccountView { Account = "team-a", LimitUsd = 5m, Settled = 0.75m };
        _accounts["over"] = () => new AccountView { Account = "over", LimitUsd = 0.1m, Settled = 0.2m };
        _accounts["away"] = () => throw new TimeoutException();
        Spent(0.75m, caller: "team-a");
        Spent(0.2m, caller: "over");
        Spent(0.1m, caller: "free");
        Spent(0.05m, caller: "away");
        await ExpectAsync(
            "/_infermux/costs/by-caller",
            """
            {"period":"2026-11","callers":[
            {"caller":"team-a","total_usd":0.75,"budget_usd":5,"budget_remaining_usd":4.25,"requests":1,"prompt_tokens":10,"completion_tokens":20},
            {"caller":"over","total_usd":0.2,"budget_usd":0.1,"budget_remaining_usd":0,"requests":1,"prompt_tokens":10,"completion_tokens":20},
            {"caller":"free","total_usd":0.1,"requests":1,"prompt_tokens":10,"completion_tokens":20},
            {"caller":"away","total_usd":0.05,"budget_unavailable":true,"requests":1,"prompt_tokens":10,"completion_tokens":20}]}
            """);
    }

    [Fact]
    public async Task Caller_NamedInThePath_HasItsRowAndItsParts()
    {
        _accounts["team a/b"] = () => new AccountView { Account = "team a/b", LimitUsd = 1m };
        Spent(0.1m, caller: "team a/b", model: "m1");
        Spent(0.2m, caller: "team a/b", model: "m2", provider: "anthropic");
        Spent(0.4m, caller: "other");
        await ExpectAsync(
            "/_infermux/costs/caller/team%20a%2Fb",
            """
            {"period":"2026-11","caller":"team a/b","total_usd":0.3,"budget_usd":1,"budget_remaining_usd":1,"requests":2,"prompt_tokens":20,
            "completion_tokens":40,"by_model":{"m2":0.2,"m1":0.1},"by_provider":{"anthropic":0.2,"openai":0.1}}
            """);
    }

    [Theory]
    [InlineData("by-model", """{"period":"2026-11","total_usd":0.3,"by_model":{"gpt-4o":0.3}}""")]
    [InlineData("by-provider", """{"period":"2026-11","total_usd":0.3,"by_provider":{"openai":0.3}}""")]
    [InlineData("by-group", """{"period":"2026-11","total_usd":0.3,"by_group":{"fast":0.2,"":0.1}}""")]
    [InlineData("by-project", """{"period":"2026-11","total_usd":0.3,"by_project":{"search":0.2,"":0.1}}""")]
    [InlineData("by-env", """{"period":"2026-11","total_usd":0.3,"by_env":{"eval":0.2,"":0.1}}""")]
    public async Task By_EachDimension_HasItsMapAlone(string report, string expected)
    {
        Spent(0.1m);
        Spent(0.2m, group: "fast", project: "search", env: "eval");
        await ExpectAsync("/_infermux/costs/" + report, expected);
    }

    [Fact]
    public async Task Marked_RowsThatNoProviderCounted_AreListedAloneAndSummedInTheTotals()
    {
        Spent(0.1m);
        Spent(0.2m, caller: "team-b", project: "search", estimated: 0.05m);
        Spent(0.4m, model: "gpt-4o-mini", unsettled: 0.4m);
        Spent(0.8m, caller: "settled-late", unsettled: 0.8m);
        Spent(0m, caller: "settled-late", unsettled: -0.8m);
        await ExpectAsync(
            "/_infermux/costs/marked",
            """
            {"period":"2026-11","estimated_usd":0.05,"unsettled_usd":0.4,"rows":[
            {"start":"2026-11-22T00:00:00+00:00","caller":"team-a","provider":"openai","model":"gpt-4o-mini","group":"","project":"","env":"","total_usd":0.4,"estimated_usd":0,"unsettled_usd":0.4},
            {"start":"2026-11-22T00:00:00+00:00","caller":"team-b","provider":"openai","model":"gpt-4o","group":"","project":"search","env":"","total_usd":0.2,"estimated_usd":0.05,"unsettled_usd":0}]}
            """);
        using var totals = await GetAsync("/_infermux/costs");
        Assert.Equal((0.05m, 0.4m), (totals.RootElement.GetProperty("estimated_usd").GetDecimal(), totals.RootElement.GetProperty("unsettled_usd").GetDecimal()));
        using var caller = await GetAsync("/_infermux/costs/caller/team-b");
        Assert.Equal(0.05m, caller.RootElement.GetProperty("estimated_usd").GetDecimal());
        Assert.False(caller.RootElement.TryGetProperty("unsettled_usd", out _));
    }

    [Fact]
    public async Task Timeseries_ByHours_HasAlignedBucketsUpToNowEmptyOnesIncluded()
    {
        Spent(0.1m, at: Now.AddHours(-1), model: "a");
        Spent(0.2m, at: Now.AddHours(-1), model: "b");
        Spent(0.4m, at: Now.AddHours(-9));
        await ExpectAsync(
            "/_infermux/costs/timeseries?hours=9&bucket=3h&by=model",
            """
            {"buckets":[
            {"start":"2026-11-22T03:00:00+00:00","total_usd":0,"requests":0,"prompt_tokens":0,"completion_tokens":0,"by":{}},
            {"start":"2026-11-22T06:00:00+00:00","total_usd":0,"requests":0,"prompt_tokens":0,"completion_tokens":0,"by":{}},
            {"start":"2026-11-22T09:00:00+00:00","total_usd":0.3,"requests":2,"prompt_tokens":20,"completion_tokens":40,"by":{"b":0.2,"a":0.1}}]}
            """);
    }

    [Fact]
    public async Task Timeseries_ByDaysAcrossMonths_ReadsTheMonthsAlone()
    {
        Spent(0.1m, at: Now);
        Spent(0.2m, at: Now.AddDays(-23));
        using var answer = await GetAsync("/_infermux/costs/timeseries?hours=600&bucket=1d");
        var buckets = answer.RootElement.GetProperty("buckets").EnumerateArray().ToList();
        Assert.Equal(25, buckets.Count);
        Assert.Equal("2026-10-29T00:00:00+00:00", buckets[0].GetProperty("start").GetString());
        Assert.Equal(0.2m, buckets[1].GetProperty("total_usd").GetDecimal());
        Assert.Equal(0.1m, buckets[^1].GetProperty("total_usd").GetDecimal());
        Assert.False(buckets[0].TryGetProperty("by", out _));
        Assert.Equal(2, _ledger.Questions);
    }

    [Theory]
    [InlineData("hours=0", "hours")]
    [InlineData("hours=841", "hours")]
    [InlineData("hours=day", "hours")]
    [InlineData("bucket=15m", "bucket")]
    [InlineData("bucket=0h", "bucket")]
    [InlineData("bucket=99999999d", "bucket")]
    [InlineData("bucket=h", "bucket")]
    [InlineData("by=colour", "by")]
    public async Task Timeseries_ParameterThatCannotBe_IsRefusedByNameWithTheMend(string query, string parameter)
    {
        using var answer = await _client.GetAsync("/_infermux/costs/timeseries?" + query, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var error = body.RootElement.GetProperty("error");
        Assert.Equal(parameter, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request", error.GetProperty("code").GetString());
        Assert.Contains("Give", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_AskedTwiceWithinASecond_AskTheLedgerOnce()
    {
        using (await GetAsync("/_infermux/costs"))
        using (await GetAsync("/_infermux/costs"))
        {
            Assert.Equal(1, _ledger.Questions);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Spent(1m);
        using var later = await GetAsync("/_infermux/costs");
        Assert.Equal(1m, later.RootElement.GetProperty("total_usd").GetDecimal());
    }

    [Fact]
    public async Task Costs_LedgerAway_Are503AndRecoverAtOnce()
    {
        _ledger.Failure = new TimeoutException();
        using var answer = await _client.GetAsync("/_infermux/costs", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("ledger_unavailable", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        _ledger.Failure = null;
        using (await GetAsync("/_infermux/costs"))
        {
            Assert.Equal(2, _ledger.Questions);
        }
    }

    private void Spent(
        decimal cost, DateTimeOffset? at = null, string caller = "team-a", string provider = "openai", string model = "gpt-4o", string group = "",
        string project = "", string env = "", decimal estimated = 0m, decimal unsettled = 0m)
    {
        var start = at ?? Now;
        _ledger.Rows.Add(new CostRow(
            new CostKey
            {
                Start = start.AddMinutes(-start.Minute),
                Caller = caller,
                Provider = provider,
                Model = model,
                Group = group,
                Project = project,
                Env = env,
            },
            new CostSums(1, 0, 10, 20, cost, estimated, unsettled)));
    }

    private ICallerBudgetGrain Account(string name) => Forwarding.To<ICallerBudgetGrain>(
        new BudgetedAccount(_accounts.TryGetValue(name, out var view) ? view : () => new AccountView { Account = name }));

    private async Task<JsonDocument> GetAsync(string path) =>
        JsonDocument.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));

    private async Task ExpectAsync(string path, string expected)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(expected.ReplaceLineEndings(""), answer.RootElement.GetRawText());
    }
}
