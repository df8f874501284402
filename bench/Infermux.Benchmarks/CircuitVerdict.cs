using System.Globalization;
using BenchmarkDotNet.Attributes;
using Infermux.Core.Circuits;
using Infermux.Core.Configuration;

namespace Infermux.Benchmarks;

/// <summary>What does one verdict cost its circuit? The baseline only counts it in the window.</summary>
[MemoryDiagnoser]
public class CircuitVerdict
{
    private static readonly CircuitOptions Options = new() { ConsecutiveFailures = 5, MinRequests = 10, ErrorRateThreshold = 0.6 };
    private static readonly Guid Gateway = new("7d9c1d1e-5c8e-4f0b-9d43-0d6f2a1b3c4d");

    private ProviderCircuit _circuit = null!;
    private OutcomeWindow _window = null!;
    private OutcomeBatch _success = null!;
    private OutcomeBatch _fault = null!;
    private DateTimeOffset _now = DateTimeOffset.Parse("2026-03-04T05:06:07Z", CultureInfo.InvariantCulture);

    [GlobalSetup]
    public void Prepare()
    {
        _circuit = new ProviderCircuit(Options, new Circuit.Closed(1), _now);
        _window = new OutcomeWindow(TimeSpan.FromSeconds(Options.WindowSeconds), _now);
        _success = new OutcomeBatch { Gateway = Gateway, Generation = 1, Outcome = Outcome.Success, MeanLatencyMs = 120, Latencies = [(10, 1)] };
        _fault = new OutcomeBatch { Gateway = Gateway, Generation = 1, Outcome = Outcome.Fault };
    }

    [Benchmark(Baseline = true)]
    public void Window() => _window.Book(1, 0, Tick());

    [Benchmark]
    public void Success() => _circuit.Tell(_success, 0.1, Tick());

    /// <summary>Half of the verdicts are faults, never enough of them to open it.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public void FaultAndSuccess()
    {
        _circuit.Tell(_fault, 0.1, Tick());
        _circuit.Tell(_success, 0.1, Tick());
    }

    [GlobalCleanup]
    public void StillClosed()
    {
        if (_circuit.State is not Circuit.Closed) { throw new InvalidOperationException("The circuit opened, so it was not verdicts that were measured."); }
    }

    // A thousand verdicts a second, so that the window's buckets roll as they do in service.
    private DateTimeOffset Tick() => _now = _now.AddMilliseconds(1);
}
