namespace Infermux.Core.Configuration.Keys;

/// <summary>On the dictionary that takes every key of its block that is not a key of the record: the providers under <c>pricing</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RestOfKeysAttribute : Attribute;
