namespace Infermux.Hosting.Configuration.Substitution;

/// <summary>Something wrong inside one scalar's substitutions.</summary>
internal sealed record SubstitutionProblem(string Problem, string Mend, bool IsWarning = false);
