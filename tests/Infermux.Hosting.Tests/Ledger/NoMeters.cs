using System.Diagnostics.Metrics;

namespace Infermux.Hosting.Tests.Ledger;

/// <summary>Meters that nobody reads.</summary>
internal sealed class NoMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
