using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Infermux.Core.Routing;
using Xunit;

namespace Infermux.Core.Tests.Routing;

public sealed class LocalProviderTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid Gateway = Guid.NewGuid();
    private static readonly ProviderOptions Plain = new() { Name = "p", CircuitBreaker = new CircuitOptions { ConsecutiveFailures = 3 } };

    private static readonly TimeSpan Recovery = Plain.CircuitBreaker.RecoveryWindow;

    private static LocalProvider Closed(ProviderOptions? provider = null, int gateways = 1) => new(provider ?? Plain, new Circuit.Closed(4), gateways, Start);

    private static LocalProvider Open() => new(Plain, new Circuit.Open(5, Start, Start + Recovery, 1, OpenReason.ErrorRate), 3, Start);

    private static LocalAdmission Ask(LocalProvider provider, DateTimeOffset at, int inFlight = 0, long tokens = 1) =>
        provider.Admit(new AdmissionKey(Guid.NewGuid(), 1), tokens, stream: true, inFlight, at);

    private static void Meet(LocalProvider provider, Outcome outcome, DateTimeOffset at, LocalAdmission under, int count = 1) =>
        provider.Tell(new OutcomeBatch { Gateway = Gateway, Generation = under.Generation, Outcome = outcome, Count = count, ProbePermit = under.ProbePermit }, 0.7, at);

    [Fact]
    public void OwnFaults_AsManyAsTheFileNames_OpenItHere()
    {
        var provider = Closed();
        var admitted = Ask(provider, Start);
        Assert.Equal((null, 4), (admitted.Refusal, admitted.Generation));
        Meet(provider, Outcome.Fault, Start, admitted, count: 3);
        Assert.Equal((CandidateCircuit.Open, Start + Recovery), (provider.Show(CandidateState.Unknown, Start).Circuit, provider.Show(CandidateState.Unknown, Start).RecoveryAt));
        Assert.Equal(Verdict.CircuitOpen, Ask(provider, Start).Refusal);
    }

    [Fact]
    public void OpenCircuit_ItsTimeHasCome_OneProbePerRecoveryWindow()
    {
        var provider = Open();
        Assert.Equal(Verdict.CircuitOpen, Ask(provider, Start + Recovery - TimeSpan.FromTicks(1)).Refusal);
        var probes = 0;
        for (var at = Start + Recovery; at < Start + (Recovery * 4); at += TimeSpan.FromMilliseconds(100))
        {
            var asked = Ask(provider, at);
            probes += asked.Refusal is null ? 1 : 0;
            if (asked.Refusal is null)
            {
                Assert.NotNull(asked.ProbePermit);
                Assert.Equal(Verdict.ProbeOut, Ask(provider, at).Refusal);
                Meet(provider, Outcome.Fault, at, asked);
            }
        }

        Assert.InRange(probes, 1, 3);
    }

    [Fact]
    public void Probe_ThatSucceeds_ClosesItUnderANewGenerationAndOldResultsChangeNothing()
    {
        var provider = Open();
        var at = Start + Recovery;
        Meet(provider, Outcome.Success, at, Ask(provider, at));
        var closed = Ask(provider, at);
        Assert.Equal((null, null), (closed.Refusal, closed.ProbePermit));
        Assert.True(closed.Generation > 5);
        Meet(provider, Outcome.Fault, at, closed with { Generation = 4 }, count: 50);
        Assert.Null(Ask(provider, at).Refusal);
    }

    [Fact]
    public void Ceilings_AreSharedByTheGatewaysLastSeen()
    {
        var provider = Closed(Plain with { MaxConcurrency = 7, RateLimits = new RateLimitOptions { RequestsPerMinute = 10 } }, gateways: 3);
        Assert.Equal(3, Enumerable.Range(0, 20).Count(_ => Ask(provider, Start).Refusal is null));
        Assert.Equal(Verdict.RateLimited, Ask(provider, Start, inFlight: 1).Refusal);
        Assert.Equal(Verdict.MaxConcurrency, Ask(provider, Start.AddMinutes(2), inFlight: 2).Refusal);
        Assert.Null(Ask(provider, Start.AddMinutes(2), inFlight: 1).Refusal);
    }

    [Fact]
    public void Ceilings_BelowTheNumberOfGateways_LeaveOneToEach() =>
        Assert.Null(Ask(Closed(Plain with { MaxConcurrency = 2 }, gateways: 9), Start).Refusal);

    [Fact]
    public void Held_ByHand_IsNeverProbed()
    {
        var provider = new LocalProvider(Plain, new Circuit.Open(5, Start, null, 1, OpenReason.Manual), 1, Start);
        Assert.Equal(Verdict.CircuitOpen, Ask(provider, Start.AddDays(1)).Refusal);
    }
}
