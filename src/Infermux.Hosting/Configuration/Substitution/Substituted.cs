namespace Infermux.Hosting.Configuration.Substitution;

/// <summary>A scalar after substitution.</summary>
/// <param name="Text">The text to bind.</param>
/// <param name="IsSecret">Whether anything was substituted.</param>
/// <param name="Problems">What went wrong; <see cref="Text"/> is then the best effort.</param>
internal sealed record Substituted(string Text, bool IsSecret, IReadOnlyList<SubstitutionProblem> Problems);
