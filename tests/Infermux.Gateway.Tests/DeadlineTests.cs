using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

/// <summary><c>routing.failover.deadline</c>: the bound over all attempts of one request.</summary>
public sealed class DeadlineTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deadline_PassesWhileTheOnlyAttemptRuns_EndsItWith504(bool stream)
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Breaks(Fault.StallBeforeHead);
        await using var gateway = await StartAsync(primary, second);
        var began = TimeProvider.System.GetTimestamp();

        var answer = await gateway.ChatAsync(stream: stream);

        Assert.Equal((504, "upstream_timeout"), (answer.Status, answer.Header("X-Infermux-Error")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0.3, 5);
        Assert.Contains("routing.failover.deadline", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, second.Truth.Requests);
    }

    [Fact]
    public async Task Deadline_PassesInTheSecondAttempt_Is504WithBothToldAndMarksTheFirstAlone()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        second.Behaviour = Behaviour.Breaks(Fault.StallBeforeHead);
        await using var gateway = await StartAsync(primary, second);

        var answer = await gateway.ChatAsync();

        Assert.Equal(504, answer.Status);
        Assert.Equal(["server_fault", "timeout"], answer.Json["error"]!["attempts"]!.AsArray().Select(a => a!["class"]!.GetValue<string>()));
        JsonArray providers = [];
        await TestGateway.UntilAsync(
            async () => (providers = (await gateway.GetJsonAsync("/_infermux/providers")).AsArray())
                .All(p => p!["requests_last_minute"]!.GetValue<int>() == 1 && p["in_flight"]!.GetValue<int>() == 0),
            "both owners have heard of the end");
        Assert.Equal(["open", "closed"], providers.Select(p => p!["circuit"]!.GetValue<string>()));
    }

    /// <summary>Providers have 10 s, the request 300 ms; one fault opens a circuit.</summary>
    private static Task<TestGateway> StartAsync(ScriptedProvider primary, ScriptedProvider second)
    {
        var strict = new CircuitOptions { ConsecutiveFailures = 1 };
        var options = Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(primary, "primary") with { CircuitBreaker = strict },
            Setup.OpenAi(second, "second") with { CircuitBreaker = strict });
        return TestGateway.StartAsync(options with
        {
            Routing = options.Routing with { Failover = new FailoverOptions { Deadline = TimeSpan.FromMilliseconds(300) } },
        });
    }
}
