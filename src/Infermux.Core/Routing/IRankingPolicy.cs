namespace Infermux.Core.Routing;

/// <summary>A strategy: in which order eligible candidates are preferred.</summary>
internal interface IRankingPolicy
{
    /// <summary>As spelled in the file.</summary>
    string Name { get; }

    /// <summary>Orders <paramref name="eligible"/>, which comes in the order of <c>priority</c>, and writes scores. Allocates nothing.</summary>
    void Order(Span<RankedCandidate> eligible, in RankingInputs inputs);
}
