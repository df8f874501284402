using CsCheck;
using Infermux.Core.Circuits;
using Infermux.Core.Configuration;
using Xunit;

namespace Infermux.Core.Tests.Circuits;

public sealed class ProviderCircuitTests
{
    private const double Decay = 0.1;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid A = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid B = Guid.Parse("00000000-0000-0000-0000-00000000000b");

    private static ProviderCircuit New(CircuitOptions? options = null, DateTimeOffset? learnsUntil = null) =>
        new(options ?? new CircuitOptions(), new Circuit.Closed(1), Start, learnsUntil);

    private static OutcomeBatch Batch(Outcome outcome, int count = 1, long generation = 1, Guid? gateway = null, Guid? permit = null) =>
        new() { Gateway = gateway ?? A, Generation = generation, Outcome = outcome, Count = count, MeanLatencyMs = 10, ProbePermit = permit };

    private static OutcomeBatch Slow(int count, double ms) =>
        Batch(Outcome.Success, count) with { Latencies = [(LatencyBuckets.Of(ms), count)] };

    [Fact]
    public void Faults_AsManyInARowAsConfigured_TripAtOnce()
    {
        var circuit = New();
        circuit.Tell(Batch(Outcome.Fault, 4), Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
        circuit.Tell(Batch(Outcome.Fault), Decay, Start);
        Assert.Equal(new Circuit.Open(2, Start, Start.AddSeconds(30), 1, OpenReason.ConsecutiveFailures), circuit.State);
    }

    [Fact]
    public void Faults_ASuccessBetween_StartTheRunAnew()
    {
        var circuit = New(new CircuitOptions { MinRequests = 100 });
        circuit.Tell(Batch(Outcome.Fault, 4), Decay, Start);
        circuit.Tell(Batch(Outcome.Success), Decay, Start);
        circuit.Tell(Batch(Outcome.Fault, 4), Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
    }

    [Theory]
    [InlineData(Outcome.Neutral)]
    [InlineData(Outcome.Cancelled)]
    public void Closed_NoVerdict_BooksNothing(Outcome outcome)
    {
        var circuit = New();
        circuit.Tell(Batch(Outcome.Fault, 4), Decay, Start);
        circuit.Tell(Batch(outcome, 100), Decay, Start);
        Assert.Equal(4, circuit.Window.Verdicts(Start));
        circuit.Tell(Batch(Outcome.Fault), Decay, Start);
        Assert.IsType<Circuit.Open>(circuit.State); // nor did it end the run
    }

    [Fact]
    public void Faults_RunOnlyOverSeveralGateways_TripsOnlyIfNoSuccessComesInOneFurtherInterval()
    {
        var (quiet, disproved) = (New(), New());
        foreach (var circuit in new[] { quiet, disproved })
        {
            circuit.Tell(Batch(Outcome.Fault, 3), Decay, Start);
            circuit.Tell(Batch(Outcome.Fault, 3, gateway: B), Decay, Start);
            Assert.IsType<Circuit.Closed>(circuit.State);
            Assert.Equal(Start + CircuitRules.ConfirmationTime, circuit.NextChange);
        }

        disproved.Tell(Batch(Outcome.Success, gateway: B), Decay, Start.AddMilliseconds(50));
        quiet.Advance(Start + CircuitRules.ConfirmationTime);
        disproved.Advance(Start.AddSeconds(10));
        Assert.Equal(OpenReason.ConsecutiveFailures, Assert.IsType<Circuit.Open>(quiet.State).Reason);
        Assert.IsType<Circuit.Closed>(disproved.State);
    }

    [Fact]
    public void ErrorRate_ExactlyAtTheThreshold_StaysClosedAndOneMoreFaultOpens()
    {
        var circuit = New(new CircuitOptions { ConsecutiveFailures = 100 });
        circuit.Tell(Batch(Outcome.Success, 10), Decay, Start);
        circuit.Tell(Batch(Outcome.Fault, 10), Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
        circuit.Tell(Batch(Outcome.Fault), Decay, Start);
        Assert.Equal(OpenReason.ErrorRate, Assert.IsType<Circuit.Open>(circuit.State).Reason);
    }

    [Fact]
    public void ErrorRate_UnderMinRequests_DoesNotCount()
    {
        var circuit = New(new CircuitOptions { ConsecutiveFailures = 100 });
        circuit.Tell(Batch(Outcome.Fault, 9), Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
        circuit.Tell(Batch(Outcome.Success), Decay, Start); // the tenth verdict makes it count, whatever it is
        Assert.IsType<Circuit.Open>(circuit.State);
    }

    [Fact]
    public void ErrorRate_FaultsThatLeftTheWindow_NoLongerCount()
    {
        var circuit = New(new CircuitOptions { ConsecutiveFailures = 100 });
        circuit.Tell(Batch(Outcome.Fault, 9), Decay, Start);
        circuit.Tell(Batch(Outcome.Fault, 9), Decay, Start.AddSeconds(60));
        Assert.IsType<Circuit.Closed>(circuit.State);
    }

    [Fact]
    public void P95_SlowBeyondTheThreshold_OpensOnlyWithMinRequests()
    {
        var circuit = New();
        circuit.Tell(Slow(9, 6_000), Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
        circuit.Tell(Slow(1, 6_000), Decay, Start);
        Assert.Equal(OpenReason.LatencyP95, Assert.IsType<Circuit.Open>(circuit.State).Reason);
    }

    [Fact]
    public void P95_WholeAnswersWithoutHistogram_NeverOpen()
    {
        var circuit = New();
        circuit.Tell(Batch(Outcome.Success, 1_000) with { MeanLatencyMs = 60_000 }, Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
        Assert.Equal(60_000, circuit.Latency.Milliseconds);
    }

    [Fact]
    public void Closing_AfterAProbe_ForgetsWhatTrippedIt()
    {
        var circuit = New();
        circuit.Tell(Batch(Outcome.Fault, 50), Decay, Start);
        var later = Start.AddSeconds(31);
        var permit = Guid.NewGuid();
        Assert.True(circuit.TryProbe(permit, TimeSpan.FromSeconds(6), later));
        circuit.Tell(Batch(Outcome.Success, generation: 3, permit: permit), Decay, later);
        Assert.Equal(new Circuit.Closed(4), circuit.State);
        Assert.Equal((1, 0), (circuit.Window.Verdicts(later), circuit.Window.Faults(later)));
    }

    [Fact]
    public void Learning_FaultsBeforeItsEnd_TripAtItsEnd()
    {
        var circuit = New(learnsUntil: Start.AddSeconds(1));
        circuit.Tell(Batch(Outcome.Fault, 50), Decay, Start);
        Assert.IsType<Circuit.Closed>(circuit.State);
        Assert.Equal(Start.AddSeconds(1), circuit.NextChange);
        circuit.Advance(Start.AddSeconds(1));
        Assert.Equal(OpenReason.ConsecutiveFailures, Assert.IsType<Circuit.Open>(circuit.State).Reason);
    }

    [Fact]
    public void Learning_SuspicionOverSeveralGateways_TripsAtItsEnd()
    {
        var circuit = New(learnsUntil: Start.AddSeconds(1));
        circuit.Tell(Batch(Outcome.Fault, 3), Decay, Start);
        circuit.Tell(Batch(Outcome.Fault, 3, gateway: B), Decay, Start);
        circuit.Advance(Start.AddSeconds(20));
        Assert.Equal(Start.AddSeconds(31), Assert.IsType<Circuit.Open>(circuit.State).Until);
    }

    [Fact]
    public void Learning_HigherGenerationSeenByOthers_IsAdoptedSoThatItsResultsCount()
    {
        var circuit = New(learnsUntil: Start.AddSeconds(1));
        circuit.Adopt(9);
        circuit.Adopt(3);
        Assert.Equal(new Circuit.Closed(9), circuit.State);
        circuit.Tell(Batch(Outcome.Fault, 5, generation: 9), Decay, Start.AddSeconds(2));
        Assert.IsType<Circuit.Open>(circuit.State);
    }

    [Fact]
    public void Reset_AnyState_ForgetsStatistics()
    {
        var circuit = New();
        circuit.Tell(Slow(3, 100), Decay, Start);
        circuit.Close(forget: true, Start);
        Assert.Equal((0, 0), (circuit.Window.Verdicts(Start), circuit.Latency.Samples));
    }

    [Fact]
    public void Runs_ReportedInBatches_LeadWhereSingleOutcomesLead() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 12], Gen.Int[0, 30_000]).Array[1, 60].Sample(runs =>
        {
            var options = new CircuitOptions { ConsecutiveFailures = 8 };
            var (batched, single) = (New(options), New(options));
            var now = Start;
            foreach (var (succeeded, count, step) in runs)
            {
                now = now.AddMilliseconds(step);
                var outcome = succeeded ? Outcome.Success : Outcome.Fault;
                batched.Tell(Batch(outcome, count), Decay, now);
                for (var i = 0; i < count; i++)
                {
                    single.Tell(Batch(outcome), Decay, now);
                }

                // One run of faults may exceed both thresholds; which of them is named is the only thing that may differ.
                Assert.Equal(WithoutReason(single.State), WithoutReason(batched.State));
            }
        }, iter: 1_000);

    private static (Type, long, DateTimeOffset?) WithoutReason(Circuit circuit) => (circuit.GetType(), circuit.Generation, circuit.NextChange);

    // A history is a list of steps; what a step does is decided by its numbers, so that CsCheck can shrink it.
    private static readonly Gen<(int StepMs, int Action, int Count, int Generation)[]> Histories =
        Gen.Select(Gen.OneOf(Gen.Int[0, 500], Gen.Int[0, 40_000]), Gen.Int[0, 9], Gen.Int[1, 6], Gen.Int[-1, 1]).Array[1, 80];

    private static readonly Gen<CircuitOptions> Settings =
        Gen.Select(Gen.Int[1, 20], Gen.Double[1, 3], Gen.Int[1, 120], Gen.Int[1, 20]).Select((failures, factor, window, min) => new CircuitOptions
        {
            ConsecutiveFailures = failures,
            RecoveryBackoffMultiplier = factor,
            RecoveryWindow = TimeSpan.FromSeconds(window),
            RecoveryBackoffMax = TimeSpan.FromSeconds(window * 8),
            MinRequests = min,
        });

    [Fact]
    public void Circuit_AnyHistory_AdmitsSomeoneInTheEnd() => Gen.Select(Settings, Histories).Sample((options, history) =>
    {
        var run = new Run(options);
        run.Play(history);

        // The longest wait there can be: a permit that nobody reports, and then the longest back-off.
        var later = run.Now + Run.Life + options.OpenFor(int.MaxValue);
        run.Circuit.Advance(later);
        Assert.True(run.Circuit.State is Circuit.Closed || run.Circuit.TryProbe(Guid.NewGuid(), Run.Life, later), run.Circuit.State.ToString());
    }, iter: 2_000);

    [Fact]
    public void Circuit_AnyHistory_HasAtMostOneProbeOut() => Gen.Select(Settings, Histories).Sample((options, history) =>
    {
        var run = new Run(options) { CheckPermits = true };
        run.Play(history);
    }, iter: 2_000);

    [Fact]
    public void Circuit_ResultsOfAnotherGeneration_ChangeNothing() => Gen.Select(Settings, Histories).Sample((options, history) =>
    {
        var run = new Run(options) { CheckGenerations = true };
        run.Play(history);
    }, iter: 2_000);

    [Fact]
    public void Circuit_AnyHistory_GenerationRisesExactlyWithTheState() => Gen.Select(Settings, Histories).Sample((options, history) =>
    {
        var run = new Run(options);
        foreach (var step in history)
        {
            var before = run.Circuit.State;
            run.Play([step]);
            var after = run.Circuit.State;
            Assert.True(after.Generation >= before.Generation);
            if (after.GetType() != before.GetType())
            {
                Assert.True(after.Generation > before.Generation, $"{before} -> {after}");
            }
        }
    });

    /// <summary>Plays a history against a circuit and keeps the simplest possible books of its permits.</summary>
    private sealed class Run(CircuitOptions options)
    {
        public static readonly TimeSpan Life = TimeSpan.FromSeconds(6);
        private readonly List<(Guid Permit, DateTimeOffset Ends)> _out = [];

        public ProviderCircuit Circuit { get; } = new(options, new Circuit.Closed(1), Start);

        public DateTimeOffset Now { get; private set; } = Start;

        public bool CheckPermits { get; init; }

        public bool CheckGenerations { get; init; }

        public void Play((int StepMs, int Action, int Count, int Generation)[] history)
        {
            foreach (var step in history)
            {
                Now = Now.AddMilliseconds(step.StepMs);
                Play(step.Action, step.Count, step.Generation);
            }
        }

        private void Play(int action, int count, int generation)
        {
            switch (action)
            {
                case 0 or 1 or 2 or 3:
                    Tell(action switch { 0 => Outcome.Success, 1 => Outcome.Neutral, _ => Outcome.Fault }, count, generation);
                    break;
                case 4 or 5 or 6:
                    Ask();
                    break;
                case 7 when _out.Count > 0:
                    // the oldest permit's result, which may be long lapsed
                    Circuit.Tell(Batch((Outcome)(count % 4), generation: Circuit.State.Generation + generation, permit: _out[0].Permit), Decay, Now);
                    _out.RemoveAt(0);
                    break;
                case 8 when count == 1:
                    Circuit.Open(hold: false, Now);
                    _out.Clear(); // what is out is no probe any more
                    break;
                default:
                    Circuit.Advance(Now);
                    break;
            }
        }

        private void Tell(Outcome outcome, int count, int generation)
        {
            Circuit.Advance(Now);
            var (state, verdicts, latency) = (Circuit.State, Circuit.Window.Verdicts(Now), Circuit.Latency);
            Circuit.Tell(Batch(outcome, count, state.Generation + generation, gateway: count % 2 == 0 ? A : B), Decay, Now);
            if (CheckGenerations && (generation != 0 || state is not Core.Circuits.Circuit.Closed))
            {
                Assert.Equal((state, verdicts, latency), (Circuit.State, Circuit.Window.Verdicts(Now), Circuit.Latency));
            }
        }

        private void Ask()
        {
            var permit = Guid.NewGuid();
            if (Circuit.TryProbe(permit, Life, Now))
            {
                if (CheckPermits)
                {
                    Assert.DoesNotContain(_out, o => o.Ends > Now);
                }

                _out.Add((permit, Now + Life));
            }
        }
    }
}
