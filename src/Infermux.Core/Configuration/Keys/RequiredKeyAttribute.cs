namespace Infermux.Core.Configuration.Keys;

/// <summary>On a property whose key a file must give wherever its record is written.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RequiredKeyAttribute : Attribute;
