using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Hosting.Configuration;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Management;

public sealed class ManagementTests
{
    [Fact]
    public async Task Status_AfterRequests_HasEveryDocumentedFieldAndCounts()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with { Models = ["gpt-4o-mini"] }));
        await gateway.ChatAsync();
        await gateway.ChatAsync(model: "no-such-model");
        provider.Behaviour = Behaviour.Fails(500);
        await gateway.ChatAsync();

        await TestGateway.UntilAsync(async () => Number(await gateway.GetJsonAsync("/_infermux/status"), "requests_total") == 3, "all are counted");
        var status = await gateway.GetJsonAsync("/_infermux/status");

        Assert.Matches(@"^\d+\.\d+\.\d+", status["version"]!.GetValue<string>());
        Assert.InRange(Number(status, "uptime_seconds"), 0, 60);
        Assert.Equal(1, Number(status, "providers_healthy"));
        Assert.Equal(1, Number(status, "providers_total"));
        Assert.Equal(3, Number(status, "requests_last_minute"));
        Assert.Equal(1, Number(status, "errors_last_minute")); // a caller's mistake is none
        Assert.Equal("memory", status["store"]!.GetValue<string>());
        Assert.Equal(1, Number(status, "configuration_number"));
    }

    [Fact]
    public async Task Provider_ClosedAndOpenByFailures_HasEveryDocumentedField()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary") with
        {
            Models = ["gpt-4o-mini"],
            RateLimits = new RateLimitOptions { RequestsPerMinute = 3500 },
            CircuitBreaker = new CircuitOptions { ConsecutiveFailures = 2, RecoveryWindow = TimeSpan.FromSeconds(90) },
        }));

        var closed = await ProviderAsync(gateway);
        Assert.Equal(
            ["primary", "openai", "True", "closed"],
            new[] { "name", "type", "healthy", "circuit" }.Select(f => closed[f]!.ToString() is "true" ? "True" : closed[f]!.ToString()));
        Assert.Equal(["gpt-4o-mini"], closed["models"]!.AsArray().Select(m => m!.GetValue<string>()));
        Assert.Equal(0, closed["error_rate"]!.GetValue<double>());
        Assert.Equal(0, closed["requests_last_minute"]!.GetValue<int>());
        Assert.NotNull(closed["p95_latency_ms"]);
        Assert.Null(closed["circuit_opened_at"]);
        Assert.Null(closed["circuit_recovery_at"]);

        await gateway.ChatAsync();
        await gateway.ChatAsync();
        await UntilCircuitAsync(gateway, "open");
        var open = await ProviderAsync(gateway);

        Assert.Equal(1.0, open["error_rate"]!.GetValue<double>());
        Assert.Equal(2, open["requests_last_minute"]!.GetValue<int>());
        Assert.Equal(3498, open["rate_limit_headroom_rpm"]!.GetValue<int>());
        var (openedAt, recoveryAt) = (open["circuit_opened_at"]!.GetValue<DateTimeOffset>(), open["circuit_recovery_at"]!.GetValue<DateTimeOffset>());
        Assert.Equal(TimeSpan.FromSeconds(90), recoveryAt - openedAt);
        Assert.Equal(TimeSpan.Zero, openedAt.Offset);
    }

    [Fact]
    public async Task CircuitControl_OpenHoldCloseReset_AnswerTheProviderAndActOnTheNextRequest()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));

        var open = (await gateway.PostAsync("/_infermux/providers/primary/circuit/open", "")).Json;
        Assert.Equal("open", open["circuit"]!.GetValue<string>());
        Assert.NotNull(open["circuit_recovery_at"]);
        await UntilCircuitAsync(gateway, "open");
        var refused = await gateway.ChatAsync();
        Assert.Equal(503, refused.Status);
        Assert.Equal("no_healthy_providers", refused.Header("X-Infermux-Error"));
        Assert.NotNull(refused.Header("Retry-After"));

        var closed = (await gateway.PostAsync("/_infermux/providers/primary/circuit/close", "")).Json;
        Assert.Equal("closed", closed["circuit"]!.GetValue<string>());
        await UntilCircuitAsync(gateway, "closed");
        Assert.Equal(200, (await gateway.ChatAsync()).Status);

        var held = (await gateway.PostAsync("/_infermux/providers/primary/circuit/open?hold=true", "")).Json;
        Assert.True(held["circuit_held"]!.GetValue<bool>());
        Assert.Null(held["circuit_recovery_at"]);

        var reset = (await gateway.PostAsync("/_infermux/providers/primary/circuit/reset", "")).Json;
        Assert.Equal("closed", reset["circuit"]!.GetValue<string>());
        Assert.Equal(0, reset["error_rate"]!.GetValue<double>());

        var unknown = await gateway.PostAsync("/_infermux/providers/nobody/circuit/open", "");
        Assert.Equal(404, unknown.Status);
        Assert.Contains("primary", unknown.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Costs_OfARealRequest_HaveTheDocumentedShapes()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = new ScriptedPrice(1m, 2m) }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 1m, 2m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.Alert }));
        await gateway.ChatAsync(headers: ["X-Infermux-Caller=alice", "X-Infermux-Project=search", "X-Infermux-Env=eval"]);
        var cost = provider.Truth.Cost;
        await TestGateway.UntilAsync(async () => (await gateway.GetJsonAsync("/_infermux/costs"))["requests"]!.GetValue<int>() == 1, "the ledger has it");

        var totals = await gateway.GetJsonAsync("/_infermux/costs");
        Assert.Matches(@"^\d{4}-\d{2}$", totals["period"]!.GetValue<string>());
        Assert.Equal(cost, totals["total_usd"]!.GetValue<decimal>());
        Assert.Equal(cost, totals["by_provider"]!["primary"]!.GetValue<decimal>());
        Assert.Equal(cost, totals["by_model"]!["gpt-4o-mini"]!.GetValue<decimal>());
        Assert.True(Number(totals, "prompt_tokens") > 0 && Number(totals, "completion_tokens") > 0);
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/costs/by-caller"))["callers"]!.AsArray() is [{ } row] && row["budget_remaining_usd"]?.GetValue<decimal>() == 5m - cost,
            "by-caller shows the budget");
        Assert.Equal("alice", (await gateway.GetJsonAsync("/_infermux/costs/by-caller"))["callers"]![0]!["caller"]!.GetValue<string>());
        Assert.Equal(cost, (await gateway.GetJsonAsync("/_infermux/costs/caller/alice"))["by_model"]!["gpt-4o-mini"]!.GetValue<decimal>());
        foreach (var (path, field, name) in new[]
        {
            ("by-model", "by_model", "gpt-4o-mini"), ("by-provider", "by_provider", "primary"), ("by-project", "by_project", "search"), ("by-env", "by_env", "eval"),
        })
        {
            Assert.Equal(cost, (await gateway.GetJsonAsync($"/_infermux/costs/{path}"))[field]![name]!.GetValue<decimal>());
        }

        var series = (await gateway.GetJsonAsync("/_infermux/costs/timeseries?hours=24&bucket=1h&by=model"))["buckets"]!.AsArray();
        Assert.Equal(cost, series.Sum(b => b!["total_usd"]!.GetValue<decimal>()));
        Assert.NotNull(series[0]!["start"]);
    }

    [Fact]
    public async Task Budget_PutByTheApi_BeatsTheFileOnTheNextRequestUntilDeleted()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "team/a", LimitUsd = 100m, Action = BudgetAction.HardStop }));
        const string account = "/_infermux/budgets/team%2Fa";
        Assert.Equal("file", (await gateway.GetJsonAsync(account))["origin"]!.GetValue<string>());
        Assert.Equal(200, (await gateway.ChatAsync(headers: "X-Infermux-Caller=team/a")).Status);

        using var put = await gateway.Client.PutAsJsonAsync(account, new { limit_usd = 0, action = "hard_stop" }, TestContext.Current.CancellationToken);
        var view = (await put.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(("api", "team/a", 0m), (view["origin"]!.GetValue<string>(), view["account"]!.GetValue<string>(), view["limit_usd"]!.GetValue<decimal>()));
        var refused = await gateway.ChatAsync(headers: "X-Infermux-Caller=team/a");
        Assert.Equal((429, "budget_exceeded"), (refused.Status, refused.Header("X-Infermux-Error")));

        using var deleted = await gateway.Client.DeleteAsync(new Uri(account, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal("file", (await deleted.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["origin"]!.GetValue<string>());
        Assert.Equal(200, (await gateway.ChatAsync(headers: "X-Infermux-Caller=team/a")).Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"limit_usd\":-1}")]
    [InlineData("{\"limit_usd\":1,\"action\":\"model_override\"}")]
    [InlineData("{\"limit_usd\":1,\"action\":\"explode\"}")]
    [InlineData("no json")]
    public async Task Budget_PutThatSaysNothingUsable_Is400InTheEnvelope(string body)
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo }));

        using var put = await gateway.Client.PutAsync(
            new Uri("/_infermux/budgets/alice", UriKind.Relative), new StringContent(body, null, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, put.StatusCode);
        var error = (await put.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["error"]!;
        Assert.Equal("invalid_request", error["code"]!.GetValue<string>());
        Assert.NotEmpty(error["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Request_AskedForByItsId_SaysWhyThisRoute()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second")));

        var answer = await gateway.ChatAsync(headers: "X-Request-Id=my/own id");
        Assert.Equal("my/own id", answer.Header("X-Request-Id"));
        await TestGateway.UntilAsync(async () => Number(await gateway.GetJsonAsync("/_infermux/status"), "requests_total") == 1, "it is counted");
        var why = await gateway.GetJsonAsync("/_infermux/requests/my%2Fown%20id");

        Assert.Equal(200, why["status"]!.GetValue<int>());
        var attempts = why["attempts"]!.AsArray();
        Assert.Equal(["primary", "second"], attempts.Select(a => a!["provider"]!.GetValue<string>()));
        Assert.Equal(500, attempts[0]!["status"]!.GetValue<int>());
        Assert.NotNull(attempts[0]!["failure"]);
        Assert.Contains(attempts[0]!["candidates"]!.AsArray(), c => c!["provider"]!.GetValue<string>() == "second");
        Assert.Equal("priority", attempts[1]!["strategy"]!.GetValue<string>());
        Assert.NotNull(attempts[1]!["price_version"]);
        using var unknown = await gateway.Client.GetAsync(new Uri("/_infermux/requests/nobody", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Config_OfAFile_ShowsOriginsAndNeverASecret()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "infermux.yml");
        await File.WriteAllTextAsync(
            file,
            "cluster: {store: memory}\nproviders:\n  - name: primary\n    type: openai\n    api_key: sk-very-secret\n    base_url: http://127.0.0.1:9/v1\n    health_check: {disabled: true}\n",
            TestContext.Current.CancellationToken);
        var loaded = ConfigurationLoader.OfThisProcess.Load(new() { Path = file, Flags = [new("listen", "127.0.0.1:0", "--listen")] }).Loaded!;
        await using var gateway = await TestGateway.StartAsync(loaded);

        var config = await gateway.GetJsonAsync("/_infermux/config");

        Assert.DoesNotContain("sk-very-secret", config.ToJsonString(), StringComparison.Ordinal);
        var entries = config["entries"]!.AsArray().ToDictionary(e => e!["path"]!.GetValue<string>(), e => (Value: e!["value"]!.GetValue<string>(), Origin: e["origin"]!.GetValue<string>()), StringComparer.Ordinal);
        Assert.Equal("***", entries["providers[0].api_key"].Value);
        Assert.EndsWith("infermux.yml:5", entries["providers[0].api_key"].Origin, StringComparison.Ordinal);
        Assert.Equal(("127.0.0.1:0", "--listen"), entries["listen"]);
    }

    [Fact]
    public async Task Events_Followed_TellEachRequestAndEndWithTheProcess()
    {
        var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo }));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        using var response = await client.GetAsync(
            new Uri("/_infermux/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("event: following", await lines.ReadLineAsync(TestContext.Current.CancellationToken));

        await gateway.ChatAsync(model: "echo-v1", headers: "X-Infermux-Caller=alice");
        var seen = "";
        while (!seen.Contains("\"caller\":\"alice\"", StringComparison.Ordinal))
        {
            seen += await lines.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"ended early: {seen}");
        }

        Assert.Contains("event: inference_request", seen, StringComparison.Ordinal);
        var rest = lines.ReadToEndAsync(TestContext.Current.CancellationToken);
        await gateway.DisposeAsync();
        await rest;
    }

    [Theory]
    [InlineData("/_infermux/metrics")]
    [InlineData("/metrics")]
    public async Task Metrics_AfterARequest_HaveTheOriginalsNamesAndLabels(string path)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini", 1m, 2m));
        await gateway.ChatAsync();
        await gateway.PostAsync("/_infermux/providers/primary/circuit/open", "");
        await UntilCircuitAsync(gateway, "open");

        // One scrape may read the first instrument before the request is counted and the last one after it.
        var text = "";
        await TestGateway.UntilAsync(
            async () => Series(text = await ScrapeAsync(gateway, path), "infermux_requests_total", "status=\"ok\"").Length > 0
                && text.Contains("infermux_cost_usd_total{", StringComparison.Ordinal)
                && Series(text, "infermux_circuit_state", "provider=\"primary\"").EndsWith(" 2", StringComparison.Ordinal),
            "the scrape is fresh");

        Assert.EndsWith(" 1", Series(text, "infermux_requests_total", "provider=\"primary\"", "model=\"gpt-4o-mini\"", "status=\"ok\""), StringComparison.Ordinal);
        foreach (var bound in (string[])["0.5", "1", "5", "+Inf"])
        {
            Assert.NotEmpty(Series(text, "infermux_latency_seconds_bucket", "provider=\"primary\"", "model=\"gpt-4o-mini\"", $"le=\"{bound}\""));
        }

        Assert.NotEmpty(Series(text, "infermux_cost_usd_total", "provider=\"primary\"", "model=\"gpt-4o-mini\""));
        Assert.Contains("# TYPE infermux_circuit_state gauge", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfTwoGatewaysInOneProcess_AreEachOnesOwn()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var busy = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        await using var idle = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        await busy.ChatAsync();
        await TestGateway.UntilAsync(async () => Series(await ScrapeAsync(busy, "/metrics"), "infermux_requests_total", "status=\"ok\"").Length > 0, "it is counted");

        var scrape = await ScrapeAsync(idle, "/metrics");

        Assert.NotEmpty(Series(scrape, "infermux_circuit_state", "provider=\"primary\""));
        Assert.DoesNotContain("infermux_requests_total{", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("infermux_latency_seconds_bucket{", scrape, StringComparison.Ordinal);
    }

    private static Task<string> ScrapeAsync(TestGateway gateway, string path) =>
        gateway.Client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    private static string Series(string text, string name, params string[] labels) => text.Split('\n').FirstOrDefault(
        line => line.StartsWith($"{name}{{", StringComparison.Ordinal) && labels.All(l => line.Contains(l, StringComparison.Ordinal)), "").Split(" # ")[0];

    private static long Number(JsonNode node, string field) => node[field]!.GetValue<long>();

    private static async Task<JsonNode> ProviderAsync(TestGateway gateway) => (await gateway.GetJsonAsync("/_infermux/providers")).AsArray()[0]!;

    private static Task UntilCircuitAsync(TestGateway gateway, string state) =>
        TestGateway.UntilAsync(async () => (await ProviderAsync(gateway))["circuit"]!.GetValue<string>() == state, $"the circuit is {state}");
}
