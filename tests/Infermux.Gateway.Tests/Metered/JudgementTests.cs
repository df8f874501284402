using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Metered;

public sealed class JudgementTests
{
    [Fact]
    public async Task Moderation_WithoutAModel_GoesOutWithTheDefaultOneAndCostsNothing()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("omni-moderation-latest", 0m, 0m));

        var answer = await gateway.PostAsync("/v1/moderations", """{"input":"do no harm"}""");

        Assert.Equal(200, answer.Status);
        Assert.True(answer.Json["results"]![0]!["flagged"]!.GetValue<bool>());
        Assert.Equal(("omni-moderation-latest", "0"), (answer.Header("X-Infermux-Model"), answer.Header("X-Infermux-Cost")));
        Assert.Equal("""{"model":"omni-moderation-latest","input":"do no harm"}""", provider.Requests[0].Body);
    }

    [Fact]
    public async Task Moderation_UnderAnAlias_IsAskedByItsTargetAndAnsweredByTheCallersName()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var aliased = Setup.OpenAi(provider, "primary") with { ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["judge"] = "omni-x" } };
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, aliased));

        var answer = await gateway.PostAsync("/v1/moderations", """{ "input": ["a", "b"], "extra": {"kept":1}, "model": "judge" }""");

        Assert.Equal("judge", answer.Json["model"]!.GetValue<string>());
        Assert.Equal("""{ "input": ["a", "b"], "extra": {"kept":1}, "model": "omni-x" }""", provider.Requests[0].Body);
    }

    [Theory]
    [InlineData("rerank-v3.5", "0.004")] // 150 documents are two searches of 0.002
    [InlineData("jina-reranker-v3", "0.000002")] // 100 tokens of 0.02 a million
    public async Task Ranking_ToldInSearchesOrTokens_IsChargedAsItIsTold(string model, string cost)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Answer = new AnswerScript { PromptTokens = 100 } };
        var price = model == "rerank-v3.5" ? new PriceOverride { PerSearch = 0.002m } : new PriceOverride { InputPerMillion = 0.02m, OutputPerMillion = 0m };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced(model, price));

        var answer = await RankAsync(gateway, model, 150);

        Assert.Equal((200, cost), (answer.Status, answer.Header("X-Infermux-Cost")));
        Assert.Equal((3, model), (answer.Json["results"]!.AsArray().Count, answer.Json["model"]!.GetValue<string>()));
        Assert.Equal(0, await MarkedAsync(gateway));
    }

    [Fact]
    public async Task Ranking_ThatTellsNothing_IsChargedByItsDocumentsAndMarked()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = new Behaviour { Usage = UsageReport.Absent };
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")).Priced("rerank-v3.5", new PriceOverride { PerSearch = 0.002m }));

        Assert.Equal("0.004", (await RankAsync(gateway, "rerank-v3.5", 101)).Header("X-Infermux-Cost"));
        Assert.Equal(1, await MarkedAsync(gateway));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)] // a compatible server without the path
    public async Task FirstProvider_Fails_SecondServes(int status)
    {
        await using var primary = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        primary.Behaviour = Behaviour.Fails(status);
        await using var gateway = await TestGateway.StartAsync(
            Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(primary, "primary"), Setup.OpenAi(second, "second")));

        var answer = await RankAsync(gateway, "rerank-v3.5", 3);

        Assert.Equal((200, "second", "2"), (answer.Status, answer.Header("X-Infermux-Provider"), answer.Header("X-Infermux-Attempts")));
        Assert.Equal(primary.Requests[0].Body, second.Requests[0].Body);
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "input")]
    [InlineData("""{"input":"x","input":"y"}""", "input")]
    [InlineData("""{"Input":"x"}""", "input")]
    public async Task Body_ThatCanBeReadInTwoWaysOrNotAtAll_IsRefusedByName(string body, string field)
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));
        var answer = await gateway.PostAsync("/v1/moderations", body);
        Assert.Equal((400, field, 0), (answer.Status, answer.Json["error"]!["param"]!.GetValue<string>(), provider.Truth.Requests));
    }

    private static Task<Answer> RankAsync(TestGateway gateway, string model, int documents) => gateway.PostAsync("/v1/rerank", new JsonObject
    {
        ["model"] = model,
        ["query"] = "which one",
        ["documents"] = new JsonArray([.. Enumerable.Range(0, documents).Select(n => (JsonNode)$"document {n}")]),
        ["top_n"] = 3,
    }.ToJsonString());

    private static async Task<int> MarkedAsync(TestGateway gateway)
    {
        await TestGateway.UntilAsync(async () => (await gateway.GetJsonAsync("/_infermux/costs"))["requests"]!.GetValue<long>() == 1, "the request is in the ledger");
        return (await gateway.GetJsonAsync("/_infermux/costs/marked"))["rows"]!.AsArray().Count;
    }
}
