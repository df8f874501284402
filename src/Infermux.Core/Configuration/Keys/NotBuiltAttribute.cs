namespace Infermux.Core.Configuration.Keys;

/// <summary>Names a key or value that is part of the file's language and does nothing yet, so that it is refused and never ignored.</summary>
/// <param name="word">On a record a key, on an enum type a value without a member; left out on an enum's member itself.</param>
/// <param name="instead">What to write until it is built, as a sentence.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Enum | AttributeTargets.Field, AllowMultiple = true)]
public sealed class NotBuiltAttribute(string word, string instead) : Attribute
{
    /// <summary>The key or value.</summary>
    public string Word { get; } = word;

    /// <summary>What to write until then.</summary>
    public string Instead { get; } = instead;
}
