namespace Infermux.Core.Circuits;

/// <summary>
/// How often processes tell each other figures. Each owner hears all gateways and tells all processes, so its work would grow with their number: past twenty,
/// intervals grow instead. Transitions are never held back.
/// </summary>
public static class ReportPace
{
    /// <summary>From an outcome to the report that carries it, for up to twenty processes.</summary>
    public static readonly TimeSpan Reports = TimeSpan.FromMilliseconds(50);

    /// <summary>Between two views that differ in figures only, for up to twenty processes.</summary>
    public static readonly TimeSpan Figures = TimeSpan.FromMilliseconds(100);

    private const double Unstretched = 20;

    /// <summary>An interval for so many processes.</summary>
    public static TimeSpan For(this TimeSpan interval, int processes) => interval * Math.Max(1, processes / Unstretched);
}
