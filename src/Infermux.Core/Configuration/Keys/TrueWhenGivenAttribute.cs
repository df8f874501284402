namespace Infermux.Core.Configuration.Keys;

/// <summary>On a flag that no file sets by itself: it is true where the file gives another key.</summary>
/// <param name="key">That key.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TrueWhenGivenAttribute(string key) : Attribute
{
    /// <summary>The key that turns the flag on.</summary>
    public string Key { get; } = key;
}
