namespace Infermux.Core.Configuration;

/// <summary>One thing wrong with a configuration, with the mend. No mend, no error.</summary>
/// <param name="Path">Where: <c>routing.groups[0].providers[1]</c>.</param>
/// <param name="Problem">What was found there.</param>
/// <param name="Mend">What to write instead.</param>
/// <param name="IsWarning">True where the configuration still loads.</param>
public sealed record ConfigProblem(string Path, string Problem, string Mend, bool IsWarning = false);
