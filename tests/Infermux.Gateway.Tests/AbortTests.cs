using System.Text;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Processes;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

[Collection(Timed.Name)] // it measures time
public sealed class AbortTests
{
    private const int HangUps = 40;

    [Fact]
    public async Task Caller_HangsUpMidStream_UpstreamIsClosedWithin100MsAndWhatCameIsSettled()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(10), Answer = new AnswerScript { Words = 10_000 } };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini", 1m, 2m));
        var delays = new List<double>();
        for (var i = 1; i <= HangUps; i++)
        {
            using var stream = await RawStream.AtFirstContentAsync(gateway.Address);
            var hungUp = stream.HangUp();
            await provider.WaitForAsync(t => t.Cancelled == i, TestContext.Current.CancellationToken);
            delays.Add((provider.Requests[^1].Ended!.Value - hungUp).TotalMilliseconds);
        }

        delays.Sort();
        var told = $"ms from hanging up to the closed upstream: {string.Join(", ", delays.Select(d => $"{d:0.0}"))}";
        TestContext.Current.TestOutputHelper!.WriteLine(told);
        Assert.True(delays[(HangUps * 95 / 100) - 1] <= 100, told); // p95
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/requests")).AsArray().Count(r => r!["cost_usd"]!.GetValue<decimal>() > 0) == HangUps,
            "all are settled above zero");
    }

    [Fact]
    public async Task Caller_HangsUpOnAWholeAnswer_ItIsReadToItsEndAndSettledExactly()
    {
        await using var provider = await ScriptedProvider.StartAsync(
            new() { DefaultPrice = new ScriptedPrice(1m, 2m) }, TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with { HeadDelay = TimeSpan.FromMilliseconds(300) };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini", 1m, 2m));
        using var hangUp = new CancellationTokenSource();
        var asked = gateway.Client.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative),
            new StringContent("""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json"),
            hangUp.Token);
        await provider.WaitForAsync(t => t.InFlight == 1, TestContext.Current.CancellationToken);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        await provider.WaitForAsync(t => t.Answered == 1, TestContext.Current.CancellationToken);
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/requests")).AsArray() is [var only]
                && only!["cost_usd"]!.GetValue<decimal>() == provider.Truth.Cost,
            "the bill is settled to the digit");
    }
}
