using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

[Collection(Timed.Name)]
public sealed class SuccessorTests
{
    private const int Kills = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Kill9_OfAServingProcess_ItsSuccessorAnswersWithin5Seconds()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = GatewayFolder.Price }, TestContext.Current.CancellationToken);
        using var folder = GatewayFolder.For(provider, "store: embedded", ["gpt-4o-mini"], """
            budgets:
              callers: [{caller: alice, limit_usd: 5, action: hard_stop}]
            """);
        var seconds = new List<double>();
        var gateway = await GatewayProcess.StartAsync(folder);
        try
        {
            while (seconds.Count < Kills)
            {
                Assert.Equal(200, (await gateway.ChatAsync("gpt-4o-mini", "hello")).Status);
                var started = TimeProvider.System.GetTimestamp();
                await gateway.DisposeAsync();
                gateway = await GatewayProcess.StartAsync(folder);
                var answer = await gateway.ChatAsync("gpt-4o-mini", "hello");
                seconds.Add(TimeProvider.System.GetElapsedTime(started).TotalSeconds);
                Assert.True(answer.Status == 200, answer.Body);
            }
        }
        finally
        {
            await gateway.DisposeAsync();
        }

        var told = $"kill -9 to the successor's first answer: {string.Join(", ", seconds.Select(taken => $"{taken:0.00} s"))}";
        TestContext.Current.TestOutputHelper!.WriteLine(told);
        Assert.True(seconds.Max() <= Limit.TotalSeconds, told);
    }
}
