using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class FailoverTests(SharedGateway shared) : IClassFixture<SharedGateway>
{
    public static TheoryData<string, bool> Faults()
    {
        var faults = new TheoryData<string, bool>();
        foreach (var name in new[] { "500", "503", "529", "429", "401", "reset", "reset-after-head", "stall", "malformed", "error-event", "html", "empty" })
        {
            faults.Add(name, false);
            faults.Add(name, true);
        }

        return faults;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Primary_FailsBeforeContent_SecondAnswers(string fault, bool stream)
    {
        var (gateway, primary, second) = await BeginAsync();
        primary.Behaviour = Behave(fault);

        var answer = await gateway.ChatAsync(stream: stream);

        Assert.Equal(200, answer.Status);
        Assert.Equal("second", answer.Header("X-Infermux-Provider"));
        Assert.Equal("2", answer.Header("X-Infermux-Attempts"));
        Assert.Equal(1, primary.Truth.Requests);
        Assert.Equal(1, second.Truth.Requests);
        if (stream)
        {
            Assert.True(answer.EndsCleanly, answer.Body);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Primary_RefusesConnections_SecondAnswers(bool stream)
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await primary.StopListeningAsync();
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second")));

        var answer = await gateway.ChatAsync(stream: stream);

        Assert.Equal(200, answer.Status);
        Assert.Equal("second", answer.Header("X-Infermux-Provider"));
    }

    [Fact]
    public async Task CallersOwnFault_IsRelayedAtOnceInTheProvidersWords()
    {
        var (gateway, primary, second) = await BeginAsync();
        primary.Behaviour = Behaviour.Fails(400, code: "unsupported_value", message: "temperature is too hot");

        var answer = await gateway.ChatAsync();

        Assert.Equal(400, answer.Status);
        Assert.Contains("temperature is too hot", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, second.Truth.Requests);
    }

    [Fact]
    public async Task EveryProvider_Fails_TellsEachAnswerAndNeverAKey()
    {
        var (gateway, primary, second) = await BeginAsync();
        primary.Behaviour = Behaviour.Fails(500);
        second.Behaviour = Behaviour.Fails(401, message: "Incorrect API key provided: sk-second-key-of-ours");

        var answer = await gateway.ChatAsync();

        Assert.Equal(502, answer.Status);
        Assert.Equal("upstream_error", answer.Header("X-Infermux-Error"));
        Assert.Equal("false", answer.Header("x-should-retry"));
        Assert.Equal(2, answer.Json["error"]!["attempts"]!.AsArray().Count);
        Assert.DoesNotContain("key-of-ours", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, 429, "rate_limit")]
    [InlineData(503, 502, "upstream_error")]
    public async Task EveryProvider_FailsAlike_StatusSaysHow(int upstream, int expected, string code)
    {
        var (gateway, primary, second) = await BeginAsync();
        primary.Behaviour = second.Behaviour = Behaviour.Fails(upstream, retryAfter: "7");

        var answer = await gateway.ChatAsync();

        Assert.Equal(expected, answer.Status);
        Assert.Equal(code, answer.Header("X-Infermux-Error"));
        Assert.Equal(expected == 429 ? null : "false", answer.Header("x-should-retry")); // an SDK obeys Retry-After only where it may repeat at all
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("reset")]
    [InlineData("error-event")]
    public async Task Stream_BreaksAfterContent_EndsWithAnErrorEventAndNoTerminalMark(string fault)
    {
        var (gateway, primary, second) = await BeginAsync();
        primary.Behaviour = Behaviour.Breaks(
            fault switch { "cut" => Fault.CutWithoutEnd, "reset" => Fault.ResetAfterEvents, _ => Fault.ErrorEvent }, afterEvents: 3);

        var answer = await gateway.ChatAsync(stream: true, headers: "X-Infermux-Caller=alice");

        Assert.Equal(200, answer.Status);
        Assert.False(answer.EndsCleanly, answer.Body);
        Assert.Contains("\"error\"", answer.Events[^1], StringComparison.Ordinal);
        Assert.Equal("upstream_error", answer.Trailers["X-Infermux-Error"]);
        Assert.Equal(0, second.Truth.Requests);
        var record = await gateway.GetJsonAsync($"/_infermux/requests/{answer.Header("X-Request-Id")}");
        Assert.True(record["cost_usd"]!.GetValue<decimal>() > 0);
    }

    private async Task<(TestGateway Gateway, ScriptedProvider Primary, ScriptedProvider Second)> BeginAsync()
    {
        var (gateway, providers) = await shared.BeginAsync([new() { Name = "primary" }, new() { Name = "second" }], static started => Setup.Of(
            RoutingStrategy.Priority, Setup.OpenAi(started[0], "primary") with { Timeout = TimeSpan.FromMilliseconds(400) }, Setup.OpenAi(started[1], "second"))
            .Priced("gpt-4o-mini", 1m, 2m));
        return (gateway, providers[0], providers[1]);
    }

    private static Behaviour Behave(string fault) => fault switch
    {
        "429" => Behaviour.Fails(429, retryAfter: "2"),
        "reset" => Behaviour.Breaks(Fault.ResetAfterRequest),
        "reset-after-head" => Behaviour.Breaks(Fault.ResetAfterHead),
        "stall" => Behaviour.Breaks(Fault.StallBeforeContent),
        "malformed" => Behaviour.Breaks(Fault.MalformedAnswer),
        "error-event" => Behaviour.Breaks(Fault.ErrorEvent),
        "html" => Behaviour.Breaks(Fault.Html),
        "empty" => Behaviour.Breaks(Fault.EmptyBody),
        _ => Behaviour.Fails(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
