using Infermux.Core.Configuration;

namespace Infermux.Hosting.SelfChecks;

/// <summary>This process must not start as things are. Every problem has its mend.</summary>
public sealed class StartRefusedException(IReadOnlyList<ConfigProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems.Select(problem => $"{problem.Path}: {problem.Problem} {problem.Mend}")));
