using System.Text;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>An attempt costs something exactly where its body began to go out.</summary>
public sealed class AttemptMoneyTests
{
    private const string Caller = "X-Infermux-Caller=alice";
    private readonly AbortSignal _abort = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Caller_LeavesWhileTheConnectionIsMade_IsBilledNothingAndFreesItsHoldAtOnce(bool stream)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var connecting = new TaskCompletionSource();
        await using var gateway = await StartAsync(Setup.OpenAi(provider, "primary"), services => HookedTransport.Put(services, async (real, to, request, ended) =>
        {
            connecting.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended);
            return await real.SendAsync(to, request, ended);
        }));
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"gpt-4o-mini","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Infermux-Caller", "alice");
        var asked = gateway.Client.SendAsync(request, hangUp.Token);
        await connecting.Task.WaitAsync(TestContext.Current.CancellationToken);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await _abort.Seen.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0m, (await QuietAsync(gateway)).Settled);
        Assert.Equal(0, provider.Truth.Requests);
    }

    [Fact]
    public async Task Attempt_WhoseTimeEndsBeforeItsBodyGoesOut_IsBilledNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(
            Setup.OpenAi(provider, "primary") with { Timeout = TimeSpan.FromMilliseconds(100) },
            services => HookedTransport.Put(services, async (real, to, request, ended) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ended);
                return await real.SendAsync(to, request, ended);
            }));

        Assert.Equal(504, (await gateway.ChatAsync(headers: Caller)).Status);

        Assert.Equal(0m, (await QuietAsync(gateway)).Settled);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 3)]
    public async Task Attempt_ThatWeFailOnOurselves_IsBilledAndMarksNobody(bool stream, int reads)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Says("one two three four five six") with { ChunkInterval = TimeSpan.FromMilliseconds(20) };
        await using var gateway = await StartAsync(Setup.OpenAi(provider, "primary"), services => HookedTransport.Put(services, async (real, to, request, ended) =>
        {
            var answer = await real.SendAsync(to, request, ended);
            answer.Content = new StreamContent(new TrippingStream(await answer.Content.ReadAsStreamAsync(ended), reads));
            return answer;
        }));

        var answer = await gateway.ChatAsync(stream: stream, headers: Caller);

        Assert.Equal(reads > 0 ? 200 : 500, answer.Status);
        Assert.Contains("internal_error", answer.Body, StringComparison.Ordinal);
        var account = await QuietAsync(gateway);
        Assert.True(account.Settled > 0m);
        Assert.Equal(account.Settled, account.Estimated);
        var owner = await gateway.Grains.GetGrain<IProviderGrain>("primary").GetAsync();
        Assert.Equal("Closed", owner.Circuit.ToString());
    }

    private Task<TestGateway> StartAsync(ProviderOptions provider, Action<IServiceCollection> replace) => TestGateway.StartAsync(
        Setup.Of(RoutingStrategy.Priority, provider)
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.HardStop }),
        replace: services => replace(services.AddSingleton<IStartupFilter>(_abort)));

    /// <summary>Within 20 s: by its expiry alone a hold would stay for 30.</summary>
    private static async Task<AccountView> QuietAsync(TestGateway gateway)
    {
        AccountView? view = null;
        await TestGateway.UntilAsync(
            async () => (view = await gateway.Grains.GetGrain<ICallerBudgetGrain>("alice").GetAsync()).OpenHolds == 0, "no hold is open");
        return view!;
    }

    /// <summary>Stands for a fault of our own in the middle of an answer.</summary>
    private sealed class TrippingStream(Stream inner, int reads) : MemoryStream
    {
        private const int Longest = 400; // however the socket groups its bytes, the answer takes several reads

        private int _left = reads;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _left-- > 0 ? inner.ReadAsync(buffer[..Math.Min(buffer.Length, Longest)], cancellationToken) : throw new InvalidOperationException("a bug");

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
