namespace Infermux.Core.Configuration.Keys;

/// <summary>On a record that may be written as the plain list of one of its keys: <c>budgets: [...]</c> for <c>budgets: {callers: [...]}</c>.</summary>
/// <param name="key">That key.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MayBeListAttribute(string key) : Attribute
{
    /// <summary>The key that the list is the value of.</summary>
    public string Key { get; } = key;
}
