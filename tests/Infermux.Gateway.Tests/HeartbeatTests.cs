using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class HeartbeatTests
{
    [Fact]
    public async Task Silence_AfterCommit_IsFilledWithComments()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Says("one two") with { ChunkInterval = TimeSpan.FromMilliseconds(400) };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")) with
        {
            Stream = new StreamOptions { Heartbeat = TimeSpan.FromMilliseconds(50) },
        });

        var answer = await gateway.ChatAsync(stream: true);

        Assert.Contains(": heartbeat", answer.Body, StringComparison.Ordinal);
        Assert.True(answer.EndsCleanly, answer.Body);
        Assert.Equal("one two", answer.StreamedText);
    }

    [Fact]
    public async Task EarlyHeartbeat_WhileTheFirstProviderStalls_StatusIsOutAndTheSecondStillAnswers()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Breaks(Fault.StallBeforeContent);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(primary, "primary") with { Timeout = TimeSpan.FromMilliseconds(400) },
            Setup.OpenAi(second, "second")) with
        {
            Stream = new StreamOptions { EarlyHeartbeat = TimeSpan.FromMilliseconds(50) },
        });

        var answer = await gateway.ChatAsync(stream: true);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith(": heartbeat", answer.Body, StringComparison.Ordinal);
        Assert.True(answer.EndsCleanly, answer.Body);
        Assert.Equal("second", answer.Trailers["X-Infermux-Provider"]);
        Assert.Equal("2", answer.Trailers["X-Infermux-Attempts"]);
    }

    [Fact]
    public async Task EarlyHeartbeat_EveryProviderFails_TheFailureIsAnErrorEvent()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500) with { HeadDelay = TimeSpan.FromMilliseconds(200) };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary")) with
        {
            Stream = new StreamOptions { EarlyHeartbeat = TimeSpan.FromMilliseconds(50) },
        });

        var answer = await gateway.ChatAsync(stream: true);

        Assert.Equal(200, answer.Status);
        Assert.False(answer.EndsCleanly);
        Assert.Contains("upstream_error", answer.Events[^1], StringComparison.Ordinal);
        Assert.Equal("upstream_error", answer.Trailers["X-Infermux-Error"]);
    }
}
