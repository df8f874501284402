using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>Files written for the original load unchanged and mean what they meant.</summary>
public class OriginalFileTests
{
    private static readonly (string, string)[] Keys =
        [("OPENAI_API_KEY", "sk-openai"), ("ANTHROPIC_API_KEY", "sk-ant"), ("GROQ_API_KEY", "gsk"), ("AZURE_OPENAI_KEY", "azure-key"), ("INFERMUX_API_KEY", "callers-key")];

    [Fact]
    public void Minimal_Loaded_HasOneProviderAndTheDefaults()
    {
        var options = Load("minimal.yml").Options;
        Assert.Equal(":8080", options.Listen);
        Assert.Equal(RoutingStrategy.RoundRobin, options.Routing.Strategy);
        var provider = Assert.Single(options.Providers);
        Assert.Equal(("openai", ProviderType.OpenAi, "sk-openai"), (provider.Name, provider.Type, provider.ApiKey));
        Assert.Equal(TimeSpan.FromSeconds(60), provider.Timeout);
        Assert.Null(provider.Models);
        Assert.Null(provider.BaseUrl);
        Assert.Equal(new CircuitOptions(), provider.CircuitBreaker);
        Assert.False(provider.CircuitBreaker.LatencyP95FromFile);
    }

    [Fact]
    public void Failover_Loaded_GivesEveryProviderTheGlobalCircuitAndKeepsTheirOrder()
    {
        var options = Load("failover.yml").Options;
        Assert.Equal(["openai", "anthropic"], options.Providers.Select(p => p.Name));
        Assert.Equal(RoutingStrategy.Priority, options.Routing.Strategy);
        Assert.All(options.Providers, p => Assert.Equal((0.4, 5, TimeSpan.FromSeconds(30)), (p.CircuitBreaker.ErrorRateThreshold, p.CircuitBreaker.ConsecutiveFailures, p.CircuitBreaker.RecoveryWindow)));
        Assert.Equal("claude-opus-4-5", options.Providers[1].ModelAliases["gpt-4o"]);
    }

    [Fact]
    public void Groups_Loaded_BindsGroupsLimitsAndTheBudgetOfTheIllegalShape()
    {
        var options = Load("groups.yml").Options;
        Assert.Equal(RoutingStrategy.CostWeighted, options.Routing.Strategy);
        Assert.Equal(["embeddings", "reasoning"], options.Routing.Groups.Select(g => g.Name));
        Assert.Equal((RoutingStrategy.RoundRobin, "openai"), (options.Routing.Groups[0].Strategy!.Value, options.Routing.Groups[0].Providers!.Single()));
        Assert.Equal(["o1", "o1-mini"], options.Routing.Groups[1].Models!);
        Assert.Equal(30, options.Providers[2].RateLimits.RequestsPerMinute);
        Assert.Null(options.Providers[2].RateLimits.TokensPerMinute);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Providers[3].HealthCheck.Interval);
        var budget = Assert.Single(options.Budgets.Callers);
        Assert.Equal(("user-123", 200m, BudgetPeriod.Month, BudgetAction.ModelOverride, "gpt-4o-mini"), (budget.Caller, budget.LimitUsd, budget.Period, budget.Action, budget.ModelOverride));
    }

    [Fact]
    public void Production_Loaded_MergesTheProvidersCircuitOverTheGlobalOneKeyByKey()
    {
        var options = Load("production.yml").Options;
        Assert.Equal((":443", ":8081", LogFormat.Json), (options.Listen, options.ManagementListen, options.Log.Format));
        Assert.Equal((AuthMode.StaticKey, "callers-key"), (options.Auth.Mode, options.Auth.Key));
        Assert.Equal("/etc/infermux/tls/key.pem", options.Tls!.KeyFile);
        var (own, inherited) = (options.Providers[0].CircuitBreaker, options.Providers[1].CircuitBreaker);
        Assert.Equal(new CircuitOptions
        {
            ErrorRateThreshold = 0.3,
            ConsecutiveFailures = 5,
            RecoveryWindow = TimeSpan.FromSeconds(60),
            RecoveryBackoffMultiplier = 2,
            RecoveryBackoffMax = TimeSpan.FromSeconds(600),
        }, inherited);
        Assert.Equal(inherited with { ConsecutiveFailures = 3 }, own);
        Assert.Equal("sk-openai", options.Providers[0].ApiKey);
        Assert.Equal(("gpt-4o-prod", "2024-08-01-preview"), (options.Providers[1].AzureDeployment, options.Providers[1].AzureApiVersion));
    }

    [Fact]
    public void Aliases_Loaded_KeepFreeNamesZeroPricesAndTinyBudgets()
    {
        var options = Load("aliases.yml").Options;
        Assert.Equal("claude-haiku-3-5", options.Providers[0].ModelAliases["fast"]);
        Assert.Equal(0m, options.Pricing.Overrides["local-vllm"]["bge-m3"].InputPerMillion);
        Assert.Equal(0.000001m, options.Budgets.Callers[0].LimitUsd);
    }

    [Fact]
    public void StateFileAlone_Loaded_IsAcceptedAndNotedAsNeedless()
    {
        var result = Result("state-file.yml");
        Assert.Equal("/var/lib/infermux/budgets.json", result.Loaded!.Snapshot.Options.Budgets.StateFile);
        Assert.Contains(result.Problems, p => p is { IsWarning: true, Line: 4, Problem.Path: "budgets.state_file" });
    }

    [Fact]
    public void IllegalBudgets_Loaded_AreRepairedWithAWarningAndLaterLinesKeepTheirNumbers()
    {
        var result = Result("budgets-illegal.yml");
        Assert.Equal([("team-a", 100.50m), ("team-b", 50m)], result.Loaded!.Snapshot.Options.Budgets.Callers.Select(b => (b.Caller, b.LimitUsd)));
        Assert.Contains("budgets-illegal.yml:9:1: warning: budgets: a list beside other keys is not valid YAML; it is read as the value of 'callers'. "
            + "Write the legal form: 'budgets:', and below it 'callers:' with the entries as its list.", result.Problems.Select(p => p.ToString()));
        Assert.Contains(result.Problems, p => p is { Line: 19, Column: 3, Problem.Path: "log.fromat" });
    }

    [Fact]
    public void EveryOriginalFile_Loaded_MasksItsKeysWhereverItIsShown()
    {
        foreach (var file in Directory.GetFiles(Sample.Fixture("Original", ""), "*.yml"))
        {
            var loaded = Result(Path.GetFileName(file)).Loaded!;
            Assert.DoesNotContain(loaded.Entries, e => Keys.Any(k => e.Value.Contains(k.Item2, StringComparison.Ordinal)));
            Assert.All(loaded.Snapshot.Options.Providers.Select((p, i) => (p, i)).Where(x => x.p.ApiKey is not null), x => Assert.Contains($"providers[{x.i}].api_key", loaded.SecretPaths));
        }
    }

    private static ConfigurationSnapshot Load(string name) => Result(name).Loaded!.Snapshot;

    private static ConfigurationResult Result(string name)
    {
        var result = Sample.LoadFile(Sample.Fixture("Original", name), strict: name != "budgets-illegal.yml", Keys);
        Assert.DoesNotContain(result.Problems, p => !p.IsWarning);
        return result;
    }
}
