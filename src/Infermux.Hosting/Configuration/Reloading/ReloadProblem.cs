namespace Infermux.Hosting.Configuration.Reloading;

/// <summary>A reload that was refused; the configuration before it stays in force.</summary>
/// <param name="At">When.</param>
/// <param name="Problems">All that was wrong, errors and warnings.</param>
public sealed record ReloadProblem(DateTimeOffset At, IReadOnlyList<LocatedProblem> Problems);
