using System.Text;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class AbortTests
{
    [Fact]
    public async Task Caller_HangsUpMidStream_UpstreamIsClosedWithin100MsAndWhatCameIsSettled()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Calm with { ChunkInterval = TimeSpan.FromMilliseconds(10), Answer = new AnswerScript { Words = 10_000 } };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("gpt-4o-mini", 1m, 2m));
        var delays = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            var hungUp = await HangUpAtFirstContentAsync(gateway.Address);
            await provider.WaitForAsync(t => t.Cancelled == delays.Count + 1, TestContext.Current.CancellationToken);
            delays.Add((provider.Requests[^1].Ended!.Value - hungUp).TotalMilliseconds);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"ms from hanging up to the closed upstream: {string.Join(", ", delays.Order().Select(d => $"{d:0.0}"))}");
        Assert.True(delays.Order().ElementAt(4) <= 100, string.Join(", ", delays));
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/requests")).AsArray().Count(r => r!["cost_usd"]!.GetValue<decimal>() > 0) == 9,
            "all nine are settled above zero");
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

    private static async Task<DateTimeOffset> HangUpAtFirstContentAsync(Uri address)
    {
        // A raw socket: HttpClient and SDKs drain an answer for up to two seconds before they close.
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        const string body = """{"model":"gpt-4o-mini","stream":true,"messages":[{"role":"user","content":"hello"}]}""";
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { } line && !line.StartsWith("data:", StringComparison.Ordinal))
        {
        }

        client.Close();
        return TimeProvider.System.GetUtcNow();
    }
}
