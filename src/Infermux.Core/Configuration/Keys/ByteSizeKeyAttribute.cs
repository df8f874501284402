namespace Infermux.Core.Configuration.Keys;

/// <summary>On a property that counts bytes and is written with a unit: <c>32MiB</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ByteSizeKeyAttribute : Attribute;
