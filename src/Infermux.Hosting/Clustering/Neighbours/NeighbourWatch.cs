using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Infermux.Hosting.Clustering.Neighbours;

/// <summary>
/// Puts a silo whose process is gone out of the membership at once, so that its accounts move within a fraction of a second. Probes take 1.5 to 2.25 s and two
/// votes for that, since a probe cannot tell a killed silo from one that pauses; a port where nobody listens any more can. Whatever else may be wrong with a
/// silo is left to the probes.
/// </summary>
internal sealed partial class NeighbourWatch(
    IClusterMembershipService membership, ILocalSiloDetails self, TimeProvider time, ILogger<NeighbourWatch> logger) : BackgroundService
{
    /// <summary>A connection on the way to a living machine takes far less; what takes longer says nothing.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromMilliseconds(300);

    /// <summary>Between two looks, so that a storm of lost messages costs no storm of connections; and before a refusal is believed, which is asked for twice.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var lost = new LostMessages();
        try
        {
            while (true)
            {
                await lost.WaitAsync(stoppingToken);
                await LookAsync(stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!NeighbourRules.Gone(await AskAsync(cancellationToken)).Any())
        {
            return;
        }

        await Task.Delay(Pause, time, cancellationToken);
        foreach (var silo in NeighbourRules.Gone(await AskAsync(cancellationToken)))
        {
            LogGone(silo);
            try
            {
                await membership.TryKill(silo);
            }
            catch (Exception unwritten) when (!cancellationToken.IsCancellationRequested)
            {
                LogStays(silo, unwritten); // the store is away: probes and votes will try again, and so does the next lost message
            }
        }
    }

    private async Task<IReadOnlyCollection<(SiloAddress Silo, NeighbourAnswer Answer)>> AskAsync(CancellationToken cancellationToken)
    {
        // Active alone: one that is starting or leaving by itself may have closed its port in good order.
        var others = membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(self.SiloAddress)).Select(member => member.SiloAddress);
        return await Task.WhenAll(others.Select(async silo => (silo, await AskAsync(silo.Endpoint, cancellationToken))));
    }

    private async Task<NeighbourAnswer> AskAsync(IPEndPoint port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(port.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var limit = new CancellationTokenSource(AnswersWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(port, either.Token);
            return NeighbourAnswer.Listens;
        }
        catch (SocketException failed)
        {
            return failed.SocketErrorCode == SocketError.ConnectionRefused ? NeighbourAnswer.Refuses : NeighbourAnswer.Silent;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NeighbourAnswer.Silent;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "nobody listens at the port of silo {Silo} any more: it is gone, and put out of the membership")]
    private partial void LogGone(SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "silo {Silo} is gone and could not be put out of the membership; probes go on")]
    private partial void LogStays(SiloAddress silo, Exception exception);
}
