using System.Threading.Channels;
using Infermux.Gateway.Reporting;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Tests.Reporting;

/// <summary>An owner that takes reports, or does not, as the test says, and signals each that reaches it.</summary>
internal sealed class Owner : IReportReceiver
{
    private readonly Channel<OutcomeReport> _reports = Channel.CreateUnbounded<OutcomeReport>();

    private Action<string>? _asked;

    /// <summary>What the next report meets; by default it arrives.</summary>
    public Func<OutcomeReport, Task> Meets { get; set; } = _ => Task.CompletedTask;

    /// <summary>Reports that reached it and that no test has looked at.</summary>
    public int Waiting => _reports.Reader.Count;

    /// <summary>Lets other threads run; what was sent has arrived by then.</summary>
    public async Task<int> ArrivedAsync()
    {
        for (var turns = 0; turns < 1_000 && Waiting == 0; turns++)
        {
            await Task.Yield();
        }

        return Waiting;
    }

    /// <summary>The owner that answers; a higher one is a successor.</summary>
    public long Incarnation { get; set; } = 1;

    public OwnerFacts Facts { get; set; } = new(1, 0, 1);

    public OwnerFacts Known(string provider) => Facts;

    /// <summary>Wants to hear of successes now.</summary>
    public void Ask(string provider) => _asked?.Invoke(provider);

    public void OnAsked(Action<string> act) => _asked += act;

    public async Task<ReportReceipt> ReportAsync(string provider, OutcomeReport report)
    {
        var meets = Meets;
        _reports.Writer.TryWrite(report);
        await meets(report);
        return new ReportReceipt(Incarnation);
    }

    public Task<OutcomeReport> NextAsync(CancellationToken cancellationToken) =>
        _reports.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
}
