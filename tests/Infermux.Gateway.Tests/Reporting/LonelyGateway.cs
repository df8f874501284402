using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Tests.Reporting;

/// <summary>Stands for the selector of a gateway that reaches no silo, and keeps what it is told while it is on.</summary>
internal sealed class LonelyGateway : IDegradedSelector
{
    public bool IsOn { get; set; }

    public long Heard => 0;

    public List<OutcomeBatch> Told { get; } = [];

    public void Answered()
    {
        // Nothing is counted here.
    }

    public bool Begin(long heard) => IsOn;

    public Selection Choose(SelectRequest request, Func<string, int> inFlight) => new() { Outcome = SelectionOutcome.NoHealthyProviders, Degraded = true };

    public void Tell(string provider, OutcomeBatch met)
    {
        if (IsOn)
        {
            Told.Add(met);
        }
    }
}
