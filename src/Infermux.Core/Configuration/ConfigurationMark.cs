namespace Infermux.Core.Configuration;

/// <summary>What is known of one text of <c>budgets</c>.</summary>
/// <param name="Number">Its place among all texts.</param>
/// <param name="SeenAt">When a process last said that it runs on it, to within <see cref="ConfigurationNumbers.SeenEvery"/>.</param>
public sealed record ConfigurationMark(long Number, DateTimeOffset SeenAt);
