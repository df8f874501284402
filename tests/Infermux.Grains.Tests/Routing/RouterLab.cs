using System.Collections.Concurrent;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Core.Routing;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Providers;
using Infermux.Grains.Contracts.Routing;
using Infermux.Grains.Routing;
using Infermux.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Infermux.Grains.Tests.Routing;

/// <summary>The router of one process with scripted owners and accounts around it.</summary>
public sealed class RouterLab
{
    private readonly ConcurrentDictionary<string, ScriptedOwner> _owners = new();
    private readonly ConcurrentDictionary<string, ScriptedAccount> _accounts = new();

    public RouterLab(InfermuxOptions options, TimeProvider? time = null)
    {
        Time = time ?? TimeProvider.System;
        Configuration = new TestConfiguration(options);
        Grains = Factory(null);
        Views = new ProviderViews(Configuration, Grains, new ProcessIdentity(Guid.NewGuid(), Serves: true), Time, NullLogger<ProviderViews>.Instance);
        Acting = new ActingAccounts(Grains, Time, NullLogger<ActingAccounts>.Instance);
        Selector = new Selector(
            new RoutingWorlds(Configuration), Views, Acting, new AdmissionGates(Time), new OwnerClocks(Time),
            new Reservations(Grains, new LedgerBreaker(), Time, new Random(5), NullLogger<Reservations>.Instance), Grains, Time, new Random(3), NullLogger<Selector>.Instance);
    }

    public TimeProvider Time { get; }

    public TestConfiguration Configuration { get; }

    public IGrainFactory Grains { get; }

    public ProviderViews Views { get; }

    public ActingAccounts Acting { get; }

    internal Selector Selector { get; }

    public ScriptedDirectory Directory { get; } = new();

    public static InfermuxOptions Options(params string[] providers) => new()
    {
        Providers = [.. providers.Select(name => new ProviderOptions { Name = name, ApiKey = "k" })],
        Routing = new RoutingOptions { Strategy = RoutingStrategy.Priority },
    };

    /// <summary>USD per million of prompt and completion tokens, of model m.</summary>
    public static InfermuxOptions Priced(InfermuxOptions options, params (string Provider, decimal Price)[] prices) => options with
    {
        Pricing = options.Pricing with
        {
            Overrides = prices.ToDictionary(
                price => price.Provider,
                price => (IReadOnlyDictionary<string, PriceOverride>)new Dictionary<string, PriceOverride>
                {
                    ["m"] = new() { InputPerMillion = price.Price, OutputPerMillion = price.Price },
                    ["small"] = new() { InputPerMillion = price.Price / 100, OutputPerMillion = price.Price / 100 },
                }),
        },
    };

    public static InfermuxOptions Budgeted(InfermuxOptions options, BudgetAction action, OnUnavailable? unavailable = null, string? replacement = null) => options with
    {
        Budgets = new BudgetsOptions { Callers = [new() { Caller = "c", LimitUsd = 1, Action = action, OnUnavailable = unavailable, ModelOverride = replacement }] },
    };

    public ScriptedOwner Owner(string provider) => _owners.GetOrAdd(provider, name =>
    {
        var owner = new ScriptedOwner(name);
        Directory.Owners.Add(owner);
        return owner;
    });

    public ScriptedAccount Account(string account = "c") => _accounts.GetOrAdd(account, name => new ScriptedAccount(name));

    public Task ShowAsync(string provider, Func<ProviderView, ProviderView> change) => Views.ChangedAsync(Owner(provider).Show(change));

    public SelectRequest Ask(int attempt = 1, params string[] tried) => new()
    {
        Operation = Guid.NewGuid(),
        Attempt = attempt,
        NotAfter = Time.GetUtcNow().AddSeconds(5),
        Caller = "c",
        Model = "m",
        Kind = RequestKind.Chat,
        PromptBound = 1_000_000,
        PromptEstimate = 250_000,
        MaxTokens = 1_000_000,
        Tried = tried,
    };

    public ValueTask<Selection> SelectAsync(SelectRequest? request = null) => Selector.SelectAsync(request ?? Ask());

    /// <summary>Whether accounts are the real grains.</summary>
    public bool RealAccounts { get; init; }

    /// <summary>A factory that gives scripted owners and accounts and takes the rest from <paramref name="real"/>.</summary>
    public IGrainFactory Factory(IGrainFactory? real) => Forwarding.To<IGrainFactory>((method, arguments) =>
        !method.IsGenericMethod ? method.Invoke(real, arguments)
        : method.GetGenericArguments()[0] == typeof(IProviderGrain) ? Forwarding.To<IProviderGrain>(Owner((string)arguments[0]!))
        : method.GetGenericArguments()[0] == typeof(IProviderDirectoryGrain) ? Forwarding.To<IProviderDirectoryGrain>(Directory)
        : method.GetGenericArguments()[0] == typeof(ICallerBudgetGrain) && !RealAccounts ? Forwarding.To<ICallerBudgetGrain>(Account((string)arguments[0]!))
        : method.Invoke(real, arguments));
}
