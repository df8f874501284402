namespace Infermux.Core.Routing;

/// <summary>A target model that its provider asked to be left alone for, until then.</summary>
public readonly record struct RestingModel(string TargetModel, DateTimeOffset Until);
