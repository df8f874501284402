using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Grains.Contracts.Budgets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Infermux.Grains.Tests.Budgets;

/// <summary>One silo with accounts, a store that fails as told, a clock that the test moves, and a ledger that writes down what it gets.</summary>
internal sealed class AccountCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private AccountCluster(InProcessTestCluster cluster) => _cluster = cluster;

    public FakeTimeProvider Time { get; private init; } = null!;

    public RecordingLedger Ledger { get; private init; } = null!;

    public RecordingEvents Events { get; private init; } = null!;

    public ScriptedStoreClock StoreClock { get; private init; } = null!;

    public ScriptedWaker Waker { get; private init; } = null!;

    public ScriptedTrust Trust { get; private init; } = null!;

    public FixedConfiguration Configuration { get; private init; } = null!;

    public ScriptedNumber Numbers { get; private init; } = null!;

    public AccountStorage Storage => (AccountStorage)_cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(AccountStore.Provider);

    public static Task<AccountCluster> StartAsync(params BudgetOptions[] budgets) => StartAsync(memoryStorage: false, budgets);

    public static async Task<AccountCluster> StartAsync(bool memoryStorage, params BudgetOptions[] budgets)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 17, 10, 30, 0, TimeSpan.Zero));
        var (ledger, events, configuration) = (new RecordingLedger(), new RecordingEvents(), new FixedConfiguration(budgets));
        var (trust, clock, waker) = (new ScriptedTrust(), new ScriptedStoreClock(), new ScriptedWaker());
        var numbers = new ScriptedNumber(configuration);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            if (memoryStorage)
            {
                silo.AddMemoryGrainStorage(AccountStore.Provider);
            }
            else
            {
                silo.Services.AddKeyedSingleton<IGrainStorage>(
                    AccountStore.Provider, (services, _) => new AccountStorage(services.GetRequiredService<Serializer>()));
            }

            silo.Services.AddSingleton<ICurrentConfiguration>(configuration);
            silo.Services.AddSingleton<INumberedConfiguration>(numbers);
            silo.Services.AddSingleton<ILedgerOutlet>(ledger);
            silo.Services.AddSingleton<IBudgetEvents>(events);
            silo.Services.AddSingleton<ILedgerTrust>(trust);
            silo.Services.AddSingleton<IStoreClock>(clock);
            silo.Services.AddSingleton<IAccountWaker>(waker);
            silo.Services.AddCallerBudgets();
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
            silo.Services.AddSingleton<TimeProvider>(time);
            silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        });
        builder.ConfigureClient(client => client.AddOutgoingGrainCallFilter<AsGatewaysDo>());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new(cluster)
        {
            Time = time,
            Ledger = ledger,
            Events = events,
            Trust = trust,
            StoreClock = clock,
            Waker = waker,
            Configuration = configuration,
            Numbers = numbers,
        };
    }

    public ICallerBudgetGrain Account(string name) => _cluster.Client.GetGrain<ICallerBudgetGrain>(name);

    /// <summary>What a reminder does.</summary>
    public static Task RemindAsync(ICallerBudgetGrain account) => account.AsReference<IRemindable>().ReceiveReminder("open-work", default);

    public Task DeactivateAsync(ICallerBudgetGrain account) => _cluster.DeactivateAsync(account);

    public ReserveCommand Reserve(Guid operation, decimal amount, int sequence = 1, int attempt = 1, bool stream = false) => new()
    {
        Operation = operation,
        Sequence = sequence,
        NotAfter = Time.GetUtcNow().AddSeconds(5),
        Attempt = attempt,
        Provider = "p",
        TargetModel = "m",
        Amount = amount,
        InputAmount = Math.Min(amount, 0.001m),
        Stream = stream,
    };

    public Settlement Settlement(Guid operation, decimal cost, bool held = true) => new()
    {
        Operation = operation,
        Account = "a",
        Caller = "a",
        Project = "x",
        Env = "y",
        BeganAt = Time.GetUtcNow(),
        Held = held,
        Lines = [new() { Attempt = 1, Provider = "p", TargetModel = "m", PromptTokens = 10, CompletionTokens = 3, Cost = cost, Succeeded = true }],
    };

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
