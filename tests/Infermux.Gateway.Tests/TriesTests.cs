using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;

namespace Infermux.Gateway.Tests;

public sealed class TriesTests
{
    [Fact]
    public async Task Request_ThatTheFirstDialectCannotSay_CostsNoTryAndCountsAsNoAnswerOfIt()
    {
        await using var first = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.Anthropic(first, "first", ("gpt-4o-mini", "claude-haiku-4-5")), Setup.OpenAi(second, "second")));

        var answer = await gateway.ChatAsync(more: new JsonObject { ["n"] = 2 });

        Assert.Equal((200, "second", "1"), (answer.Status, answer.Header("X-Infermux-Provider"), answer.Header("X-Infermux-Attempts")));
        List<string> counted = [];
        await TestGateway.UntilAsync(
            async () => (counted = await CountedAsync(gateway)).Exists(line => line.Contains("second", StringComparison.Ordinal) && line.Contains("ok", StringComparison.Ordinal)),
            "the second's answer is counted");
        Assert.DoesNotContain(counted, line => line.Contains("first", StringComparison.Ordinal));
    }

    private static async Task<List<string>> CountedAsync(TestGateway gateway)
    {
        var metrics = await gateway.Client.GetStringAsync(new Uri("/_infermux/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        return [.. metrics.Split('\n').Where(line => line.StartsWith("infermux_requests_total", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Heartbeat_AfterTheEndOfItsStream_WritesNothing()
    {
        var written = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = written;
        context.Request.Protocol = "HTTP/1.1";
        using var events = new SseResponse(context.Response, OpenAiErrorForm.Instance);
        events.Start();
        await events.EndAsync([], TestContext.Current.CancellationToken);
        var length = written.Length;

        await events.HeartbeatAsync(0, TestContext.Current.CancellationToken);

        Assert.True(length > 0);
        Assert.Equal(length, written.Length);
    }
}
