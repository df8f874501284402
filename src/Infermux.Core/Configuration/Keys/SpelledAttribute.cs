namespace Infermux.Core.Configuration.Keys;

/// <summary>On an enum value whose word in the file is not its name in snake case.</summary>
/// <param name="word">The word in the file.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class SpelledAttribute(string word) : Attribute
{
    /// <summary>The word in the file.</summary>
    public string Word { get; } = word;
}
