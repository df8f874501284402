using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>Options for tests: short, and close to what a file would say.</summary>
internal static class Setup
{
    public static ProviderOptions OpenAi(ScriptedProvider provider, string name) => new()
    {
        Name = name,
        Type = ProviderType.OpenAi,
        ApiKey = $"sk-{name}-key-of-ours",
        BaseUrl = provider.OpenAiBaseUrl,
        Timeout = TimeSpan.FromSeconds(10),
        HealthCheck = new HealthCheckOptions { Disabled = true },
    };

    public static ProviderOptions Anthropic(ScriptedProvider provider, string name, params (string From, string To)[] aliases) => new()
    {
        Name = name,
        Type = ProviderType.Anthropic,
        ApiKey = $"sk-{name}-key-of-ours",
        BaseUrl = provider.BaseUrl,
        ModelAliases = aliases.ToDictionary(a => a.From, a => a.To, StringComparer.Ordinal),
        Timeout = TimeSpan.FromSeconds(10),
        HealthCheck = new HealthCheckOptions { Disabled = true },
    };

    public static ProviderOptions Gemini(ScriptedProvider provider, string name, params (string From, string To)[] aliases) =>
        Anthropic(provider, name, aliases) with { Type = ProviderType.Gemini };

    public static InfermuxOptions Of(RoutingStrategy strategy, params ProviderOptions[] providers) => new()
    {
        Providers = providers,
        Routing = new RoutingOptions { Strategy = strategy },
    };

    /// <summary>The same price at every provider, USD per million tokens.</summary>
    public static InfermuxOptions Priced(this InfermuxOptions options, string model, decimal input, decimal output) => options with
    {
        Pricing = new PricingOptions
        {
            Overrides = options.Providers.ToDictionary(
                p => p.Name,
                IReadOnlyDictionary<string, PriceOverride> (_) => new Dictionary<string, PriceOverride>(StringComparer.Ordinal)
                {
                    [model] = new() { InputPerMillion = input, OutputPerMillion = output },
                },
                StringComparer.Ordinal),
        },
    };

    public static InfermuxOptions Budgeted(this InfermuxOptions options, params BudgetOptions[] budgets) =>
        options with { Budgets = new BudgetsOptions { Callers = budgets } };
}
