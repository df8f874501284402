namespace Infermux.Core.Configuration.Keys;

/// <summary>On a property whose value is masked wherever a configuration is shown, also when it was written out in the file.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretKeyAttribute : Attribute;
