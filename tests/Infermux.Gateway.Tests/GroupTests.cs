using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests;

public sealed class GroupTests
{
    [Fact]
    public async Task Groups_WithMatch_TakeTheRequestsThatFitAllOfItAndNoOthers()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var options = Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second"));
        await using var gateway = await TestGateway.StartAsync(options with
        {
            Routing = options.Routing with
            {
                Groups = [new RouteGroupOptions { Name = "eval", Match = new RouteMatchOptions { Env = "eval*", Stream = false }, Providers = ["second"] }],
            },
        });

        var eval = await gateway.ChatAsync(headers: "X-Infermux-Env=eval-nightly");
        var streamed = await gateway.ChatAsync(stream: true, headers: "X-Infermux-Env=eval-nightly");
        var production = await gateway.ChatAsync(headers: "X-Infermux-Env=production");
        var plain = await gateway.ChatAsync();

        Assert.Equal(("second", "eval"), (eval.Header("X-Infermux-Provider"), eval.Header("X-Infermux-Route-Group")));
        Assert.All([streamed, production, plain], answer => Assert.Equal((200, "primary"), (answer.Status, answer.Header("X-Infermux-Provider"))));
    }

    [Fact]
    public async Task Group_WhoseProvidersFail_NeverLeavesTheGroup()
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        second.Behaviour = Behaviour.Fails(500);
        var options = Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second"));
        await using var gateway = await TestGateway.StartAsync(options with
        {
            Routing = options.Routing with { Groups = [new RouteGroupOptions { Name = "only", Models = ["gpt-4o-mini"], Providers = ["second"] }] },
        });

        var answer = await gateway.ChatAsync();

        Assert.Equal(502, answer.Status);
        Assert.Equal(0, primary.Truth.Requests);
        Assert.Equal("second", Assert.Single(answer.Json["error"]!["attempts"]!.AsArray())!["provider"]!.GetValue<string>());
    }

    [Fact]
    public async Task Completions_WholeAndStreamed_GoToTheLegacyPathAndComeBackInItsShape()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Says("of old");
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));

        var whole = await gateway.PostAsync("/v1/completions", """{"model":"gpt-4o-mini","prompt":"Hello"}""");
        var stream = await gateway.PostAsync("/v1/completions", """{"model":"gpt-4o-mini","prompt":"Hello","stream":true}""");

        Assert.True(whole.Status == 200, whole.Body);
        Assert.Equal(("text_completion", "of old"), (whole.Json["object"]!.GetValue<string>(), whole.Json["choices"]![0]!["text"]!.GetValue<string>()));
        Assert.True(stream is { Status: 200, EndsCleanly: true }, stream.Body);
        Assert.Equal("of old", string.Concat(stream.Events.SkipLast(1).Select(e => JsonNode.Parse(e)!["choices"]!.AsArray() is [{ } choice, ..] ? choice["text"]?.GetValue<string>() : null)));
        Assert.All(provider.Requests, request => Assert.EndsWith("/completions", request.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(provider.Requests, request => request.Path.Contains("chat", StringComparison.Ordinal));
    }
}
