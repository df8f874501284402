using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class CircuitTests
{
    private static readonly CircuitOptions Quick = new() { ConsecutiveFailures = 3, RecoveryWindow = TimeSpan.FromMilliseconds(700) };

    [Fact]
    public async Task Primary_FailsAsOftenAsTheThreshold_IsNotAskedAnyMore()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(primary, "primary") with { CircuitBreaker = Quick with { RecoveryWindow = TimeSpan.FromMinutes(10) } },
            Setup.OpenAi(second, "second")));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await gateway.ChatAsync()).Status);
        }

        await UntilCircuitAsync(gateway, "primary", "open");
        var asked = primary.Truth.Requests;
        for (var i = 0; i < 20; i++)
        {
            var answer = await gateway.ChatAsync();
            Assert.Equal("second", answer.Header("X-Infermux-Provider"));
            Assert.Equal("1", answer.Header("X-Infermux-Attempts"));
        }

        Assert.Equal(asked, primary.Truth.Requests);
    }

    [Fact]
    public async Task RecoveryWindow_Over_ExactlyOneProbeGoesOutUnder200ParallelRequests()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(primary, "primary") with { CircuitBreaker = Quick }, Setup.OpenAi(second, "second")));
        for (var i = 0; i < 3; i++)
        {
            await gateway.ChatAsync();
        }

        await UntilCircuitAsync(gateway, "primary", "open");
        var asked = primary.Truth.Requests;
        primary.Behaviour = Behaviour.Breaks(Fault.StallBeforeHead); // the probe hangs, so that all 200 meet it half-open
        await UntilCircuitAsync(gateway, "primary", "half-open");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => gateway.ChatAsync(stream: true)));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(asked + 1, primary.Truth.Requests);
    }

    [Fact]
    public async Task Probe_Succeeds_CircuitClosesAndTheProviderGetsTrafficAgain()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(primary, "primary") with { CircuitBreaker = Quick }, Setup.OpenAi(second, "second")));
        for (var i = 0; i < 3; i++)
        {
            await gateway.ChatAsync();
        }

        await UntilCircuitAsync(gateway, "primary", "open");
        primary.CalmDown();
        await UntilCircuitAsync(gateway, "primary", "half-open");
        await gateway.ChatAsync();
        await UntilCircuitAsync(gateway, "primary", "closed");

        Assert.Equal("primary", (await gateway.ChatAsync()).Header("X-Infermux-Provider"));
    }

    [Fact]
    public async Task Probe_ThatInfermuxItselfFailsOn_GivesItsPermitBackForTheNextRequest()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(500);
        var faults = 0;
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary") with { CircuitBreaker = Quick with { ProbeTimeout = TimeSpan.FromMinutes(5) } }),
            replace: services => HookedTransport.Put(services, (real, provider, request, cancellationToken) => Interlocked.Exchange(ref faults, 0) == 1
                ? throw new InvalidOperationException("A fault of ours.")
                : real.SendAsync(provider, request, cancellationToken)));
        for (var i = 0; i < 3; i++)
        {
            await gateway.ChatAsync();
        }

        await UntilCircuitAsync(gateway, "primary", "open");
        primary.CalmDown();
        await UntilCircuitAsync(gateway, "primary", "half-open");
        Interlocked.Exchange(ref faults, 1);

        Assert.Equal(500, (await gateway.ChatAsync()).Status);

        await TestGateway.UntilAsync(async () => (await gateway.ChatAsync()).Status == 200, "the next request is the probe");
        await UntilCircuitAsync(gateway, "primary", "closed");
    }

    private static Task UntilCircuitAsync(TestGateway gateway, string provider, string state) => TestGateway.UntilAsync(
        async () => (await gateway.GetJsonAsync("/_infermux/providers")).AsArray()
            .Any(p => p!["name"]!.GetValue<string>() == provider && p["circuit"]!.GetValue<string>() == state),
        $"{provider} is {state}");
}
