namespace Infermux.Core.Routing;

/// <summary>A model name a caller may use.</summary>
/// <param name="Name">The name.</param>
/// <param name="Provider">The first provider in the file that serves it.</param>
public readonly record struct ServedModel(string Name, string Provider);
