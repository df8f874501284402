namespace Infermux.Hosting.Clustering.Neighbours;

/// <summary>Which silos are certainly gone. Pure.</summary>
internal static class NeighbourRules
{
    /// <summary>
    /// Those that refuse connections, unless nobody but them answers where there are more: a silo behind a proxy or a firewall that refuses in others' names must
    /// not put all of them out. Where two silos are, the store is the second opinion: without it nobody is put out anyway.
    /// </summary>
    public static IEnumerable<T> Gone<T>(IReadOnlyCollection<(T Silo, NeighbourAnswer Answer)> others) =>
        others.Count == 1 || others.Any(other => other.Answer == NeighbourAnswer.Listens)
            ? others.Where(other => other.Answer == NeighbourAnswer.Refuses).Select(other => other.Silo)
            : [];
}
