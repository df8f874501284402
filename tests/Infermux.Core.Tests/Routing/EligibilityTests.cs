using System.Collections.Frozen;
using Infermux.Core.Configuration;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class EligibilityTests
{
    private static readonly DateTimeOffset Now = RoutingLab.Now;

    [Fact]
    public void Serves_OpenAiShapedWithoutModels_AnyName()
    {
        foreach (var type in new[] { ProviderType.OpenAi, ProviderType.Ollama, ProviderType.AzureOpenAi })
        {
            Assert.Equal(["p"], One(RoutingLab.Provider("p", type)).Rank(RoutingLab.Ask("whatever")).Chosen);
        }
    }

    [Fact]
    public void Serves_WithModels_OnlyListedAndAliased()
    {
        var lab = One(RoutingLab.Provider("p") with { Models = ["m1"], ModelAliases = new Dictionary<string, string> { ["m2"] = "t2" } });
        Assert.Equal("m1", lab.Rank(RoutingLab.Ask("m1")).Target("p"));
        Assert.Equal("t2", lab.Rank(RoutingLab.Ask("m2")).Target("p"));
        Assert.Equal(RouteOutcome.ModelNotFound, lab.Rank(RoutingLab.Ask("t2")).Outcome);
    }

    [Theory]
    [InlineData(ProviderType.Anthropic, false)]
    [InlineData(ProviderType.OpenAi, true)]
    public void Serves_TranslatingOrFromEnvironmentWithoutModels_AliasesListingAndPriceTable(ProviderType type, bool fromEnvironment)
    {
        var lab = One(RoutingLab.Provider("p", type) with { FromEnvironment = fromEnvironment, ModelAliases = new Dictionary<string, string> { ["gpt"] = "claude-x" } })
            .Price("p", "priced", 1, 1);
        lab["p"] = new CandidateState { ListedModels = FrozenSet.ToFrozenSet(["listed"]) };
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask("gpt")).Chosen);
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask("listed")).Chosen);
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask("priced")).Chosen);
        Assert.Equal(RouteOutcome.ModelNotFound, lab.Rank(RoutingLab.Ask("claude-x")).Outcome);
    }

    [Fact]
    public void Serves_ListedLater_CountsWithoutANewTable()
    {
        var lab = One(RoutingLab.Provider("p", ProviderType.Anthropic));
        Assert.Empty(lab.Rank(RoutingLab.Ask("new")).All);
        lab["p"] = new CandidateState { ListedModels = FrozenSet.ToFrozenSet(["new"]) };
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask("new")).Chosen);
    }

    [Fact]
    public void Serves_Echo_ItsOwnNamesListedAndAliased()
    {
        var lab = One(new ProviderOptions { Name = "p", Type = ProviderType.Echo, Models = ["mine"], ModelAliases = new Dictionary<string, string> { ["gpt"] = "echo-v1" } });
        foreach (var model in new[] { "echo-v1", "lorem", "mine", "gpt" })
        {
            Assert.Equal(["p"], lab.Rank(RoutingLab.Ask(model)).Chosen);
        }

        Assert.Equal(RouteOutcome.ModelNotFound, lab.Rank(RoutingLab.Ask("other")).Outcome);
    }

    [Fact]
    public void Operation_EmbeddingsOnAnthropicAlone_IsModelNotFound()
    {
        var lab = One(RoutingLab.Provider("p", ProviderType.Anthropic) with { Models = ["m"] });
        var ranked = lab.Rank(RoutingLab.Ask() with { Operation = RoutedOperation.Embedding });
        Assert.Equal(["p: operation_unsupported"], ranked.Held);
        Assert.Equal(RouteOutcome.ModelNotFound, ranked.Outcome);
    }

    [Fact]
    public void State_Unhealthy_IsHeldBackAnd503()
    {
        var ranked = One(new CandidateState { Healthy = false }).Rank();
        Assert.Equal(["p: unhealthy"], ranked.Held);
        Assert.Equal(RouteOutcome.NoHealthyProviders, ranked.Outcome);
        Assert.Null(RouteRefusal.RetryAfter(ranked.All, Now));
    }

    [Fact]
    public void State_CircuitOpen_IsHeldBackUntilItsTime()
    {
        var lab = One(new CandidateState { Circuit = CandidateCircuit.Open, RecoveryAt = Now.AddSeconds(9) });
        Assert.Equal(["p: circuit_open"], lab.Rank().Held);
        Assert.Equal(TimeSpan.FromSeconds(9), RouteRefusal.RetryAfter(lab.Rank().All, Now));
        Assert.Equal(AdmitReason.Probe, lab.Rank(RoutingLab.Ask(), Now.AddSeconds(9)).Of("p").Admit);
    }

    [Fact]
    public void State_ManualHold_NeverComesBackByItself() =>
        Assert.Equal(["p: circuit_open"], One(new CandidateState { Circuit = CandidateCircuit.Open }).Rank(RoutingLab.Ask(), Now.AddYears(9)).Held);

    [Fact]
    public void State_ProbeOut_IsHeldBackUntilItLapses()
    {
        var lab = One(new CandidateState { Circuit = CandidateCircuit.HalfOpen, ProbeOutUntil = Now.AddSeconds(6) });
        Assert.Equal(["p: probe_out"], lab.Rank().Held);
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask(), Now.AddSeconds(6)).Chosen);
    }

    [Fact]
    public void State_RestingForThisTargetModel_Is429WithItsEnd()
    {
        var lab = One(RoutingLab.Provider("p") with { ModelAliases = new Dictionary<string, string> { ["gpt"] = "t" } });
        lab["p"] = new CandidateState { Rests = [new RestingModel("other", Now.AddSeconds(1)), new RestingModel("t", Now.AddSeconds(5))] };
        var ranked = lab.Rank(RoutingLab.Ask("gpt"));
        Assert.Equal(["p: resting"], ranked.Held);
        Assert.Equal((RouteOutcome.RateLimited, TimeSpan.FromSeconds(5)), (ranked.Outcome, RouteRefusal.RetryAfter(ranked.All, Now)));
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask("m")).Chosen);
        Assert.Equal(["p"], lab.Rank(RoutingLab.Ask("gpt"), Now.AddSeconds(5)).Chosen);
    }

    [Fact]
    public void State_LimitedAndUnhealthy_IsNotA429() =>
        Assert.Equal(RouteOutcome.NoHealthyProviders, One(new CandidateState { Healthy = false, LimitedUntil = Now.AddSeconds(3) }).Rank().Outcome);

    [Fact]
    public void Outcome_OneLimitedOneDown_Is429WithTheEarliestEnd()
    {
        var lab = RoutingLab.With(RoutingStrategy.Priority, "a", "b");
        lab["a"] = new CandidateState { Circuit = CandidateCircuit.Open, RecoveryAt = Now.AddSeconds(2) };
        lab["b"] = new CandidateState { LimitedUntil = Now.AddSeconds(30) };
        var ranked = lab.Rank();
        Assert.Equal(["a: circuit_open", "b: rate_limited"], ranked.Held);
        Assert.Equal((RouteOutcome.RateLimited, TimeSpan.FromSeconds(2)), (ranked.Outcome, RouteRefusal.RetryAfter(ranked.All, Now)));
    }

    [Fact]
    public void Limits_ConfiguredOnes_AskTheOwner() =>
        Assert.Equal(AdmitReason.Limits, One(RoutingLab.Provider("p") with { RateLimits = new() { TokensPerMinute = 9 } }).Rank().Of("p").Admit);

    [Fact]
    public void Limits_FullByTheView_IsAskedOnlyWhenNothingElseIsLeft()
    {
        var lab = new RoutingLab(new InfermuxOptions
        {
            Providers = [RoutingLab.Provider("a") with { MaxConcurrency = 2 }, RoutingLab.Provider("b")],
            Routing = new() { Strategy = RoutingStrategy.Priority },
        });
        lab["a"] = new CandidateState { InFlight = 1 };
        Assert.Equal(["a", "b"], lab.Rank().Chosen);
        lab["a"] = new CandidateState { InFlight = 2 };
        Assert.Equal(["b", "a"], lab.Rank().Chosen);
    }

    [Fact]
    public void Tried_IsNotChosenAgain()
    {
        var ranked = RoutingLab.With(RoutingStrategy.Priority, "a", "b").Rank(RoutingLab.Ask("m", 2, "a"));
        Assert.Equal(["b"], ranked.Chosen);
        Assert.Equal(["a: tried"], ranked.Held);
    }

    [Fact]
    public void Credential_CallersToken_GoesToOneBaseUrlOnly()
    {
        var lab = new RoutingLab(new InfermuxOptions
        {
            Providers =
            [
                new ProviderOptions { Name = "a", BaseUrl = "https://one.example/v1" },
                new ProviderOptions { Name = "b", BaseUrl = "https://two.example/v1" },
                new ProviderOptions { Name = "c", BaseUrl = "https://ONE.example/v1/" },
                new ProviderOptions { Name = "d", BaseUrl = "https://two.example/v1", ApiKey = "k" },
            ],
            Routing = new() { Strategy = RoutingStrategy.Priority },
        });
        Assert.Equal(["d"], lab.Rank().Chosen);
        Assert.Equal(["a", "b", "c", "d"], lab.Rank(RoutingLab.Ask() with { CallerCredential = true }).Chosen);
        Assert.Equal(["c", "d"], lab.Rank(RoutingLab.Ask("m", 2, "a") with { CallerCredential = true, CredentialBaseUrl = "https://one.example/v1" }).Chosen);
    }

    [Theory]
    [InlineData(ProviderType.OpenAi, "http://localhost:8000/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://127.0.0.1/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://[::1]:8000/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://10.1.2.3/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://172.31.0.1/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://vllm:8000/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://vllm.models.svc/v1", CredentialNeed.None)]
    [InlineData(ProviderType.OpenAi, "http://172.32.0.1/v1", CredentialNeed.Caller)]
    [InlineData(ProviderType.OpenAi, "https://api.groq.com/openai/v1", CredentialNeed.Caller)]
    [InlineData(ProviderType.OpenAi, null, CredentialNeed.Caller)]
    [InlineData(ProviderType.Anthropic, "http://localhost/", CredentialNeed.Caller)]
    [InlineData(ProviderType.Ollama, "https://ollama.example", CredentialNeed.None)]
    [InlineData(ProviderType.Echo, null, CredentialNeed.None)]
    [InlineData(ProviderType.Bedrock, "http://localhost", CredentialNeed.Own)]
    public void Credential_WithoutOurKey_DependsOnTypeAndPlace(ProviderType type, string? url, CredentialNeed need)
    {
        Assert.Equal(need, ProviderEndpoint.Credential(new ProviderOptions { Name = "p", Type = type, BaseUrl = url }));
        Assert.Equal(CredentialNeed.Own, ProviderEndpoint.Credential(new ProviderOptions { Name = "p", Type = type, BaseUrl = url, ApiKey = "k" }));
    }

    [Fact]
    public void Window_AfterContextTooLong_OnlyALargerKnownOneFollows()
    {
        var lab = RoutingLab.With(RoutingStrategy.Priority, "small", "large", "unknown").Price("small", "m", 1, 1, 8_000).Price("large", "m", 1, 1, 128_000);
        var ranked = lab.Rank(RoutingLab.Ask() with { WindowLargerThan = 8_000 });
        Assert.Equal(["large"], ranked.Chosen);
        Assert.Equal(["small: window_too_small", "unknown: window_too_small"], ranked.Held);
    }

    [Fact]
    public void Price_UnknownAndRefused_IsPriceUnknownUnlessAnotherIsPriced()
    {
        var lab = new RoutingLab(new InfermuxOptions
        {
            Providers = [RoutingLab.Provider("a"), RoutingLab.Provider("b")],
            Pricing = new() { Unknown = UnknownPriceAction.Refuse },
        }).Price("b", "m", 1, 1);
        Assert.Equal(["b"], lab.Rank().Chosen);
        var ranked = lab.Rank(RoutingLab.Ask("nobody-priced-it"));
        Assert.Equal(RouteOutcome.PriceUnknown, ranked.Outcome);
        Assert.Equal(["a: price_unknown", "b: price_unknown"], ranked.Held);
    }

    [Fact]
    public void HalfOpen_FreePermit_BeatsEveryStrategyWhileAnotherAttemptCouldFollow()
    {
        foreach (var strategy in Enum.GetValues<RoutingStrategy>())
        {
            var lab = RoutingLab.With(strategy, "a", "b", "c");
            lab["c"] = new CandidateState { Circuit = CandidateCircuit.HalfOpen, LatencyMs = 900, Samples = 99, InFlight = 50, LastSample = Now };
            Assert.Equal("c", lab.Rank().First);
            Assert.Equal(AdmitReason.Probe, lab.Rank().Of("c").Admit);
        }
    }

    [Fact]
    public void HalfOpen_LastAttempt_IsLeftToFirstAttempts()
    {
        var lab = RoutingLab.With(RoutingStrategy.Priority, "a", "b");
        lab["a"] = new CandidateState { Circuit = CandidateCircuit.HalfOpen };
        Assert.Equal(["b", "a"], lab.Rank(RoutingLab.Ask("m", 3)).Chosen);
    }

    [Fact]
    public void HalfOpen_MaxAttemptsOne_TakesItsTurnInTheStrategy()
    {
        var lab = new RoutingLab(new InfermuxOptions
        {
            Providers = [RoutingLab.Provider("a"), RoutingLab.Provider("b"), RoutingLab.Provider("c")],
            Routing = new() { Strategy = RoutingStrategy.Priority, Failover = new() { MaxAttempts = 1 } },
        });
        lab["b"] = new CandidateState { Circuit = CandidateCircuit.HalfOpen };
        Assert.Equal(["a", "b", "c"], lab.Rank().Chosen);
    }

    [Fact]
    public void Words_EveryVerdict_HasItsOwn()
    {
        var words = Enum.GetValues<Verdict>().Select(verdict => verdict.Word()).ToArray();
        Assert.Equal(words.Length, words.Distinct(StringComparer.Ordinal).Count());
        Assert.All(words, word => Assert.Matches("^[a-z_]+$", word));
    }

    [Theory]
    [InlineData("circuit_open")]
    [InlineData("probe_out")]
    [InlineData("rate_limited")]
    [InlineData("max_concurrency")]
    [InlineData("resting")]
    [InlineData("unhealthy")]
    public void Words_OwnersRefusal_ReadsBack(string word) => Assert.Equal(word, VerdictWords.FromRefusal(word).Word());

    private static RoutingLab One(ProviderOptions provider) => new(new InfermuxOptions { Providers = [provider] });

    private static RoutingLab One(CandidateState state)
    {
        var lab = RoutingLab.With(RoutingStrategy.Priority, "p");
        lab["p"] = state;
        return lab;
    }
}
