using Infermux.Core.Configuration;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Ending;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Infermux.Hosting.SelfChecks;

/// <summary>
/// Asks the shared store whether it may be trusted: before Orleans starts, where the answer may refuse the start, and while this process runs. A clock that
/// went astray while running ends a silo; what an operator changed at a store that is in use is warned of.
/// </summary>
internal sealed partial class StoreWatch(ClusterSettings settings, SelfCheckReport report, Withdrawal withdrawal, TimeProvider time, ILogger<StoreWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private const int LooksPerFacts = 12;

    private readonly HashSet<string> _said = [];

    /// <exception cref="StartRefusedException">The store or the clock is not fit for use.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await StoreCheck.AskAsync(settings.StoreConnection!, report, time);
        if (report.Refusals is { Count: > 0 } refusals)
        {
            throw new StartRefusedException(refusals);
        }

        Say();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        StoreQuestions? store = null;
        try
        {
            using var timer = new PeriodicTimer(Period, time);
            for (var look = 1; await timer.WaitForNextTickAsync(stoppingToken); look++)
            {
                try
                {
                    store ??= await StoreQuestions.ConnectAsync(settings.StoreConnection!);
                    await StoreCheck.AskAsync(store, report, time, withFacts: report.IsAway || look % LooksPerFacts == 0);
                    Say();
                    LeaveWithAClockAstray();
                }
                catch (Exception unreachable) when (!stoppingToken.IsCancellationRequested) // whatever a dying connection throws: a watch must not end the process
                {
                    report.Away(unreachable.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        finally
        {
            await (store?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private void LeaveWithAClockAstray()
    {
        if (report.ClockProblem is { IsWarning: false } astray)
        {
            withdrawal.Withdraw($"{astray.Problem} {astray.Mend}");
        }
    }

    /// <summary>Each problem once, as long as it lasts.</summary>
    private void Say()
    {
        var problems = report.Problems;
        foreach (var problem in problems.Where(problem => _said.Add(problem.Mend)))
        {
            LogProblem(problem.Path, problem.Problem, problem.Mend);
        }

        _said.IntersectWith(problems.Select(problem => problem.Mend));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}: {Problem} {Mend}")]
    private partial void LogProblem(string path, string problem, string mend);
}
