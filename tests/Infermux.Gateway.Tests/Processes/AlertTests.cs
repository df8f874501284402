using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

public sealed class AlertTests
{
    private const int Requests = 100;

    [Fact]
    public async Task AlertBudget_PassedByManyRequestsAndARestart_SaysEachShareOnceAndServesOn()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], """
            budgets:
              callers: [{caller: alice, limit_usd: 0.001, action: alert, warn_at: 0.8}]
            """);
        List<SseItem<string>> events;
        await using (var gateway = await GatewayProcess.StartAsync(folder))
        {
            using var response = await gateway.Client.GetAsync(
                new Uri("/_infermux/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            var following = FollowAsync(response, Requests, alerts: 2);
            await ServeAsync(gateway, provider, Requests);
            events = await following.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await gateway.KillAsync();
        }

        var alerts = events.Where(happened => happened.EventType == "budget_alert").Select(happened => JsonNode.Parse(happened.Data)!).ToArray();
        Assert.Equal([0.8m, 1m], alerts.Select(alert => alert["share"]!.GetValue<decimal>()));
        Assert.All(alerts, alert => Assert.Equal("alice", alert["account"]!.GetValue<string>()));
        Assert.True(provider.Truth.Cost > 0.002m, "the load passes the limit by far");

        await using var successor = await GatewayProcess.StartAsync(folder);
        await ServeAsync(successor, provider, 10);
        Assert.DoesNotContain("The budget of alice reached", successor.Output, StringComparison.Ordinal);
    }

    /// <summary>Serves so many, half of them streams, and returns when all that was billed is settled.</summary>
    private static async Task ServeAsync(GatewayProcess gateway, ScriptedProvider provider, int requests)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, requests).Select(i => gateway.ChatAsync("gpt-4o-mini", "hello", stream: i % 2 == 0)));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        await Eventually.HoldsAsync(
            async () => (await gateway.AccountAsync())["settled"]!.GetValue<decimal>() == provider.Truth.Cost,
            TimeSpan.FromSeconds(30),
            () => "all that was billed is settled");
    }

    /// <summary>Reads until so many requests and alerts were told of; an alert follows the write that its account waits for.</summary>
    private static async Task<List<SseItem<string>>> FollowAsync(HttpResponseMessage response, int requests, int alerts)
    {
        var events = new List<SseItem<string>>();
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await foreach (var happened in SseParser.Create(body).EnumerateAsync(TestContext.Current.CancellationToken))
        {
            events.Add(happened);
            requests -= happened.EventType == "inference_request" ? 1 : 0;
            alerts -= happened.EventType == "budget_alert" ? 1 : 0;
            if (requests <= 0 && alerts <= 0)
            {
                break;
            }
        }

        return events;
    }
}
