namespace Infermux.Core.Configuration.Keys;

/// <summary>On a property that has a second spelling, the original's.</summary>
/// <param name="name">The second key.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AlsoWrittenAttribute(string name) : Attribute
{
    /// <summary>The second key.</summary>
    public string Name { get; } = name;
}
