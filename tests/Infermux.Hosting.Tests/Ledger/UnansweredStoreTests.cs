using Infermux.Core.Configuration;
using Infermux.Grains.Budgets;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Configuration.Numbering;
using Infermux.Hosting.Ledger;
using Infermux.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Infermux.Hosting.Tests.Ledger;

/// <summary>What watches the store outlives whatever a call to it ends with: a background service that fails takes its whole host with it.</summary>
public sealed class UnansweredStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private Exception _failure = new TimeoutException();
    private int _asked;

    public static TheoryData<Exception> Failures => new()
    {
        new RedisConnectionException(ConnectionFailureType.SocketFailure, "gone"),
        new RedisTimeoutException("late", CommandStatus.Sent),
        new TimeoutException(),
        new ObjectDisposedException("client"),
        new TaskCanceledException(), // how the client ends calls on a connection that it gives up
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task LedgerTrust_WhoseQuestionsFail_GoesOnAsking(Exception failure)
    {
        _failure = failure;
        using var trust = new RedisLedgerTrust(
            new LedgerEpochStore(Store(), "svc"), new PinnedEpoch(null), new LedgerMetrics(new NoMeters()), _time, NullLogger<RedisLedgerTrust>.Instance);
        await GoesOnAsync(trust);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task StoreClock_WhoseQuestionsFail_GoesOnAsking(Exception failure)
    {
        _failure = failure;
        using var clock = new RedisStoreClock(Store(), _time, NullLogger<RedisStoreClock>.Instance);
        await GoesOnAsync(clock);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task ConfigurationNumber_WhoseQuestionsFail_GoesOnAsking(Exception failure)
    {
        _failure = failure;
        using var services = new ServiceCollection().AddLogging().AddInfermuxConfiguration(LoadedConfiguration.Of(new())).BuildServiceProvider();
        using var number = new StoredConfigurationNumber(
            new ConfigurationNumberStore(Store(), "svc", TimeSpan.Zero),
            services.GetRequiredService<ICurrentConfiguration>(),
            Forwarding.To<IStoreClock>((_, _) => null),
            _time,
            NullLogger<StoredConfigurationNumber>.Instance);
        await GoesOnAsync(number);
    }

    private async Task GoesOnAsync(BackgroundService service)
    {
        await service.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(60));
                return Task.FromResult(Volatile.Read(ref _asked) >= 3 || service.ExecuteTask is { IsCompleted: true });
            },
            TimeSpan.FromSeconds(20),
            () => $"{_asked} questions");
        Assert.False(service.ExecuteTask!.IsCompleted, service.ExecuteTask.Exception?.ToString());
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    private IConnectionMultiplexer Store()
    {
        var database = Forwarding.To<IDatabase>((method, _) => Fail(method.ReturnType));
        return Forwarding.To<IConnectionMultiplexer>((_, _) => database);
    }

    private Task Fail(Type task)
    {
        Interlocked.Increment(ref _asked);
        var result = task.GetGenericArguments()[0];
        return (Task)typeof(Task).GetMethods().Single(method => method is { Name: nameof(Task.FromException), IsGenericMethod: true }).MakeGenericMethod(result).Invoke(null, [_failure])!;
    }
}
