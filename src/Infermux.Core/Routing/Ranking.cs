namespace Infermux.Core.Routing;

/// <summary>How many candidates a ranking wrote: the first <paramref name="Eligible"/> of <paramref name="Count"/> may be chosen, in that order.</summary>
public readonly record struct Ranking(int Eligible, int Count);
