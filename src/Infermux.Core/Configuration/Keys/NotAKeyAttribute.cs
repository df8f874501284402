namespace Infermux.Core.Configuration.Keys;

/// <summary>On a property of an option record that no file can set.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAKeyAttribute : Attribute;
