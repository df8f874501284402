using System.Diagnostics.Metrics;
using Infermux.Hosting.Telemetry;

namespace Infermux.Hosting.Ledger;

/// <summary>The alarm: <c>infermux_ledger_trusted</c> is 0 while the store holds another ledger than before.</summary>
internal sealed class LedgerMetrics
{
    public LedgerMetrics(IMeterFactory meters) => meters.Create(RequestMetrics.MeterName).CreateObservableGauge(
        "infermux.ledger.trusted", () => Holds ? 1 : 0, description: "1: the store holds the ledger it held. 0: hard budgets are refused until 'infermux state adopt'.");

    public bool Holds { get; set; } = true;
}
