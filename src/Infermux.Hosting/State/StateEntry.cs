namespace Infermux.Hosting.State;

/// <summary>One key of the store, or a part of one: a large key is several entries in a row. All bytes are base64, since a grain's record is binary.</summary>
/// <param name="Key">Without the service id.</param>
/// <param name="Hash">Its fields, where it is a hash.</param>
/// <param name="SortedSet">Its members, where it is a sorted set.</param>
/// <param name="ExpiresAt">When it goes by itself; null: never.</param>
internal sealed record StateEntry(
    byte[] Key, IReadOnlyList<StateField>? Hash = null, IReadOnlyList<StateMember>? SortedSet = null, DateTimeOffset? ExpiresAt = null);
