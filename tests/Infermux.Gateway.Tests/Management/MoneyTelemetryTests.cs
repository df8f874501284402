using System.Globalization;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Management;

/// <summary>Money as events and metrics tell it: what the provider billed, and what was refused.</summary>
public sealed class MoneyTelemetryTests
{
    [Fact]
    public async Task ProviderCost_OfEachBilledAttempt_SaysTokensMoneyAndWhoPays()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = new ScriptedPrice(10m, 30m) }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini", 10m, 30m));
        using var response = await gateway.Client.GetAsync(
            new Uri("/_infermux/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        await gateway.ChatAsync(headers: ["X-Infermux-Caller=alice", "X-Infermux-Project=search", "X-Infermux-Env=eval", "X-Request-Id=mine"]);
        JsonNode? cost = null;
        await foreach (var happened in SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            if (happened.EventType == "provider_cost")
            {
                cost = JsonNode.Parse(happened.Data)!;
                break;
            }
        }

        var billed = provider.Truth.Billed;
        Assert.Equal((provider.Truth.Cost, billed.Prompt, billed.Output), (cost!["cost_usd"]!.GetValue<decimal>(), cost["prompt_tokens"]!.GetValue<long>(), cost["completion_tokens"]!.GetValue<long>()));
        Assert.False(cost["estimated"]!.GetValue<bool>());
        Assert.Equal(
            ["primary", "gpt-4o-mini", "alice", "search", "eval", "mine"],
            new[] { "provider", "model", "caller", "project", "env", "request_id" }.Select(field => cost[field]!.GetValue<string>()));
    }

    [Fact]
    public async Task Metrics_OfTokensAndRefusals_CountWhatHappened()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary") with { Models = ["gpt-4o-mini"] }));
        await gateway.ChatAsync();
        await gateway.ChatAsync(stream: true);
        Assert.Equal(404, (await gateway.ChatAsync(model: "nobody-has-this")).Status);
        Assert.Equal(404, (await gateway.ChatAsync(model: "nor-this")).Status);

        await TestGateway.UntilAsync(
            async () => provider.Truth is { Answered: 2, Billed: var billed } && await ValueAsync(gateway, "infermux_tokens_total", "provider=\"primary\"", "model=\"gpt-4o-mini\"", "kind=\"prompt\"") == billed.Prompt
                && await ValueAsync(gateway, "infermux_tokens_total", "provider=\"primary\"", "model=\"gpt-4o-mini\"", "kind=\"completion\"") == billed.Output
                && await ValueAsync(gateway, "infermux_refusals_total", "code=\"model_not_found\"") == 2,
            "the counters equal what was billed and refused");
    }

    [Fact]
    public async Task ActiveRequests_CountStreamsWhileTheyRunAndNothingElse()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.PacedStream(chunks: 1000, TimeSpan.FromMilliseconds(50));
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        Assert.Equal(0, await ValueAsync(gateway, "infermux_requests_active"));

        using (await RawStream.AtFirstContentAsync(gateway.Address))
        using (await RawStream.AtFirstContentAsync(gateway.Address))
        {
            await TestGateway.UntilAsync(async () => await ValueAsync(gateway, "infermux_requests_active") == 2, "two streams run"); // answers are cached for 300 ms
        }

        await TestGateway.UntilAsync(async () => await ValueAsync(gateway, "infermux_requests_active") == 0, "both callers have hung up");
    }

    private static async Task<decimal?> ValueAsync(TestGateway gateway, string name, params string[] labels)
    {
        var text = await gateway.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith($"{name}{{", StringComparison.Ordinal) && labels.All(label => l.Contains(label, StringComparison.Ordinal)));
        return line is null ? null : decimal.Parse(line[(line.IndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
