namespace Infermux.Core.Budgets;

/// <summary>
/// The first so many of a list of operations that only grows. The list is shared by the values that grew from one another, so adding to the longest copies
/// nothing.
/// </summary>
internal readonly struct TombstoneHalf
{
    private readonly Dictionary<Guid, int>? _places;

    private TombstoneHalf(Dictionary<Guid, int> places, int count) => (_places, Count) = (places, count);

    public static TombstoneHalf Empty => default;

    public int Count { get; }

    public bool Contains(Guid operation) => _places is not null && _places.TryGetValue(operation, out var place) && place < Count;

    /// <summary>With an operation that is not among them.</summary>
    public TombstoneHalf Add(Guid operation)
    {
        var count = Count;
        var places = _places is null ? []
            : _places.Count == count ? _places
            : _places.Where(known => known.Value < count).ToDictionary(); // somebody else has gone on from here
        places.Add(operation, count);
        return new(places, count + 1);
    }
}
