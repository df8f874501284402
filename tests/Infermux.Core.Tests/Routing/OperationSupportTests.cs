using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class OperationSupportTests
{
    [Theory]
    [InlineData(RoutedOperation.ImageGeneration, "OpenAi AzureOpenAi Gemini")]
    [InlineData(RoutedOperation.ImageEdit, "OpenAi AzureOpenAi")]
    [InlineData(RoutedOperation.ImageVariation, "OpenAi")]
    [InlineData(RoutedOperation.Speech, "OpenAi AzureOpenAi")]
    [InlineData(RoutedOperation.Transcription, "OpenAi Ollama AzureOpenAi")]
    [InlineData(RoutedOperation.Translation, "OpenAi AzureOpenAi")]
    [InlineData(RoutedOperation.Moderation, "OpenAi")]
    [InlineData(RoutedOperation.Rerank, "OpenAi")]
    [InlineData(RoutedOperation.Embedding, "OpenAi Ollama AzureOpenAi Echo Gemini")]
    [InlineData(RoutedOperation.Chat, "OpenAi Anthropic Ollama AzureOpenAi Echo Gemini Bedrock")]
    public void TypesWith_AnOperation_AreThoseThatHaveThePath(RoutedOperation operation, string types) =>
        Assert.Equal(types, string.Join(' ', OperationSupport.TypesWith(operation)));

    [Theory]
    [InlineData(null, false)]
    [InlineData("https://api.openai.com/v1", false)]
    [InlineData("https://eu.api.openai.com/v1", false)]
    [InlineData("https://api.jina.ai/v1", true)]
    [InlineData("http://vllm:8000/v1", true)]
    public void Ranking_IsEveryCompatibleServersButOpenAisOwn(string? url, bool has) =>
        Assert.Equal(has, OperationSupport.Has(new ProviderOptions { Name = "p", Type = ProviderType.OpenAi, BaseUrl = url }, RoutedOperation.Rerank));

    [Fact]
    public void Route_OfAnOperationThatNobodyHas_IsNotFoundAndSaysWhy()
    {
        var lab = RoutingLab.With(RoutingStrategy.Priority, "p");
        var azure = new RoutingLab(new InfermuxOptions { Providers = [RoutingLab.Provider("azure", ProviderType.AzureOpenAi)] });
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask() with { Operation = RoutedOperation.Moderation }).Chosen);
        var nobody = azure.Rank(RoutingLab.Ask() with { Operation = RoutedOperation.Moderation });
        Assert.Equal((RouteOutcome.ModelNotFound, "azure: operation_unsupported"), (nobody.Outcome, nobody.Held.Single()));
    }

    [Fact]
    public void CostWeighted_ComparesByTheUnitToo()
    {
        var options = new InfermuxOptions
        {
            Providers = [RoutingLab.Provider("dear"), RoutingLab.Provider("cheap")],
            Routing = new RoutingOptions { Strategy = RoutingStrategy.CostWeighted },
            Pricing = new PricingOptions
            {
                Overrides = new Dictionary<string, IReadOnlyDictionary<string, PriceOverride>>(StringComparer.Ordinal)
                {
                    ["dear"] = new Dictionary<string, PriceOverride>(StringComparer.Ordinal) { ["m"] = new() { PerImage = 0.05m } },
                    ["cheap"] = new Dictionary<string, PriceOverride>(StringComparer.Ordinal) { ["m"] = new() { PerImage = 0.04m } },
                },
            },
        };
        var table = new RoutingTable(options, RoutingPrices.Of(PriceTable.Build(options)));
        var facts = RoutingLab.Ask() with { Operation = RoutedOperation.ImageGeneration, Units = 1 };
        var route = table.Route(facts);
        var ranked = new RankedCandidate[2];
        RouteRanker.Rank(route, facts, [CandidateState.Unknown, CandidateState.Unknown], RoutingLab.Now, new Random(1), 0, ranked);
        Assert.Equal("cheap", route.Candidates[ranked[0].Index].Provider.Options.Name);
    }

    [Fact]
    public void Images_OnVertex_AreNotServed()
    {
        var gemini = new ProviderOptions { Name = "p", Type = ProviderType.Gemini };
        Assert.True(OperationSupport.Has(gemini, RoutedOperation.ImageGeneration));
        Assert.False(OperationSupport.Has(gemini with { VertexProject = "shop" }, RoutedOperation.ImageGeneration));
    }
}
