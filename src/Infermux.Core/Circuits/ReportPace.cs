namespace Infermux.Core.Circuits;

/// <summary>
/// How often processes tell each other figures. A message costs the same however little is in it, so where little goes on it waits for company, and the same
/// requests spread over more gateways make few messages more. Each owner hears all gateways and tells all that select, so its work would grow with their number:
/// past eighty processes intervals grow instead. Faults and transitions are never held back, and while a circuit is suspected nothing is
/// (<see cref="ProviderCircuit.Suspected"/>).
/// </summary>
public static class ReportPace
{
    /// <summary>From the first outcome to the report that carries it where <see cref="Company"/> of them have come by then, for up to eighty processes.</summary>
    public static readonly TimeSpan Reports = TimeSpan.FromMilliseconds(200);

    /// <summary>The same where fewer have come, for up to two hundred processes.</summary>
    public static readonly TimeSpan LonelyReports = TimeSpan.FromMilliseconds(500);

    /// <summary>The same where the owner counts places (<c>rate_limits</c>, <c>max_concurrency</c>): a place is free once its end is reported.</summary>
    public static readonly TimeSpan PlaceReports = TimeSpan.FromMilliseconds(50);

    /// <summary>So many outcomes are worth a report of their own.</summary>
    public const int Company = 32;

    /// <summary>Between two views that differ in figures only, for up to eighty processes.</summary>
    public static readonly TimeSpan Figures = TimeSpan.FromMilliseconds(200);

    /// <summary>The same where the owner counts places: who selects passes over a provider that looks full.</summary>
    public static readonly TimeSpan PlaceFigures = TimeSpan.FromMilliseconds(100);

    private const double Unstretched = 80;

    /// <summary>From the first outcome, dispatch or end that a report will carry until it leaves, where nothing in it is urgent.</summary>
    /// <param name="outcomes">Outcomes that wait.</param>
    /// <param name="countsPlaces">Whether the owner counts places.</param>
    /// <param name="processes">Processes that watch the provider.</param>
    public static TimeSpan Wait(int outcomes, bool countsPlaces, int processes)
    {
        var shortest = (countsPlaces ? PlaceReports : Reports).For(processes);
        return !countsPlaces && outcomes < Company && shortest < LonelyReports ? LonelyReports : shortest;
    }

    /// <summary>An interval for so many processes.</summary>
    public static TimeSpan For(this TimeSpan interval, int processes) => interval * Math.Max(1, processes / Unstretched);
}
