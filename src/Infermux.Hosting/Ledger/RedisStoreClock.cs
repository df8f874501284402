using System.Globalization;
using Infermux.Core.Clocks;
using Infermux.Grains.Budgets;
using Infermux.Hosting.Clustering;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Infermux.Hosting.Ledger;

/// <summary>Asks the store for its TIME every 5 s. Between answers, and while it is away, its clock is reckoned on.</summary>
internal sealed partial class RedisStoreClock(IConnectionMultiplexer redis, TimeProvider time, ILogger<RedisStoreClock> logger) : BackgroundService, IStoreClock
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private RemoteClock? _clock;

    public DateTimeOffset? Now => Volatile.Read(ref _clock)?.Now(time.GetElapsedTime(0));

    public async Task AskAsync()
    {
        var asked = time.GetElapsedTime(0);
        var told = (RedisValue[]?)await redis.GetDatabase().ExecuteAsync("TIME");
        var (seconds, micros) = (Number(told![0]), Number(told[1]));
        var now = DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(micros);
        Volatile.Write(ref _clock, RemoteClock.Hear(_clock, now, asked, time.GetElapsedTime(0)));
    }

    /// <summary>Before the first account is read: the host's start waits for it, as long as the store takes.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    private static long Number(RedisValue told) => long.Parse(told.ToString(), CultureInfo.InvariantCulture);

    private async Task TryAsync()
    {
        try
        {
            await AskAsync();
        }
        catch (Exception unanswered) when (StoreFailures.IsUnanswered(unanswered))
        {
            LogUnanswered(unanswered); // a user without the right to TIME, or a store that is away
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The store did not tell its time; periods go by what it told before, and without that by this silo's clock")]
    private partial void LogUnanswered(Exception unanswered);
}
