namespace Infermux.Core.Limits;

/// <summary>Whether the ceilings have room for an attempt.</summary>
/// <param name="Refusal">The ceiling that has not; null where all have.</param>
/// <param name="Until">When it will, where known.</param>
public readonly record struct LimitVerdict(LimitRefusal? Refusal, DateTimeOffset? Until);
