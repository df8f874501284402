namespace Infermux.Core.Configuration.Keys;

/// <summary>The range of a number, duration or size, both ends included, each written as in the file.</summary>
/// <param name="least">The least value, such as <c>0</c> or <c>1ms</c>.</param>
/// <param name="most">The greatest value; null: no upper bound.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BetweenAttribute(string least, string? most = null) : Attribute
{
    /// <summary>The least value.</summary>
    public string Least { get; } = least;

    /// <summary>The greatest value, or null.</summary>
    public string? Most { get; } = most;

    /// <summary>The range in words: <c>at least 1</c>, <c>from 0 to 1</c>.</summary>
    public string InWords => Most is null ? $"at least {Least}" : $"from {Least} to {Most}";
}
