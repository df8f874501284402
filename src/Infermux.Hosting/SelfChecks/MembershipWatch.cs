using Infermux.Hosting.Ending;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Clustering.Redis;
using Orleans.Runtime;

namespace Infermux.Hosting.SelfChecks;

/// <summary>
/// Ends a silo whose row in the membership table is gone, as after a store that came back empty. Orleans never writes it again: the silo would go on,
/// unseen, beside a second cluster that owns the same accounts.
/// </summary>
internal sealed partial class MembershipWatch(
    IMembershipTable table, ILocalSiloDetails silo, Withdrawal withdrawal, TimeProvider time, ILogger<MembershipWatch> logger) : BackgroundService
{
    /// <summary>With two in a row: gone and stopped within ten seconds, and one odd answer of a store decides nothing.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1.5);

    private int _missing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var rows = await table.ReadAllAsync(cancellationToken);
            _missing = rows.Members.Any(row => row.Item1.SiloAddress.Equals(silo.SiloAddress)) ? 0 : _missing + 1;
        }
        catch (RedisClusteringException emptied) // the store answers, and has no table at all
        {
            LogUnreadable(emptied.Message);
            _missing++;
        }
        catch (Exception unreachable) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreadable(unreachable.Message); // no answer says nothing of the row
            return;
        }

        if (_missing >= 2)
        {
            withdrawal.Withdraw($"its row ({silo.SiloAddress}) is gone from the membership table. The store was emptied, set back or evicts: a cluster that "
                + "cannot see this silo would own the same accounts. Start it again; look after the store's persistence (docs/operations.md).");
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "the membership table cannot be read: {Reason}")]
    private partial void LogUnreadable(string reason);
}
