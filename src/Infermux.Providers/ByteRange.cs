namespace Infermux.Providers;

/// <summary>Where a JSON value lies in a body, quotes included, so that it can be replaced without parsing the rest into a tree.</summary>
/// <param name="Start">Offset of the value's first byte.</param>
/// <param name="Length">Bytes; 0 means the value is not there.</param>
public readonly record struct ByteRange(int Start, int Length)
{
    /// <summary>Whether the value is there.</summary>
    public bool Exists => Length > 0;
}
